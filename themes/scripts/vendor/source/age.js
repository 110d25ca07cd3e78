// What the site's scripts take from the age library: the global `age`.
// Opening and making keys, nothing else; the site seals nothing in the browser.

import { Decrypter } from "age-encryption";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { base64nopad } from "@scure/base";
import workerSource from "scrypt-worker.txt";

export { Decrypter, armor, generateX25519Identity, identityToRecipient } from "age-encryption";
export { sha256 } from "@noble/hashes/sha2.js";

// age's own bound; the builder uses 16 to 18.
const HIGHEST_WORK_FACTOR = 20;
const LABEL = "age-encryption.org/v1/scrypt";

// Opens a file that is wrapped in a passphrase. `file` and the answer are bytes.
// Answers null where the passphrase is another one, throws where the file is
// damaged or the worker fails. `signal` stops the worker.
export async function openWithPassphrase(file, passphrase, signal) {
  const identity = new PassphraseIdentity(passphrase, signal);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(file);
  } catch (error) {
    if (identity.refused) return null;
    throw error;
  }
}

// An age identity in the library's sense (https://age-encryption.org/v1, "The
// scrypt recipient type"), which leaves the slow part to a worker.
class PassphraseIdentity {
  refused = false;

  constructor(passphrase, signal) {
    this.passphrase = passphrase;
    this.signal = signal;
  }

  async unwrapFileKey(stanzas) {
    const stanza = stanzas.find((one) => one.args[0] === "scrypt");
    if (stanza === undefined) return null;
    const [, salt, logN] = stanza.args;
    if (stanzas.length !== 1 || stanza.args.length !== 3 || stanza.body.length !== 32
        || !/^[1-9][0-9]?$/.test(logN) || Number(logN) > HIGHEST_WORK_FACTOR) {
      throw new Error("invalid scrypt stanza");
    }
    const label = new TextEncoder().encode(LABEL);
    const saltBytes = base64nopad.decode(salt);
    if (saltBytes.length !== 16) throw new Error("invalid scrypt stanza");
    const labelled = new Uint8Array(label.length + saltBytes.length);
    labelled.set(label);
    labelled.set(saltBytes, label.length);

    const key = await derive(this.passphrase, labelled, Number(logN), this.signal);
    try {
      return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanza.body);
    } catch {
      this.refused = true;
      return null;
    } finally {
      key.fill(0);
    }
  }
}

function derive(passphrase, salt, logN, signal) {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
    const worker = new Worker(address);
    const end = (settle, value) => {
      worker.terminate();
      URL.revokeObjectURL(address);
      settle(value);
    };
    worker.onmessage = ({ data }) => end(resolve, data);
    worker.onerror = (event) => {
      event.preventDefault();
      end(reject, new Error("the passphrase worker failed"));
    };
    signal?.addEventListener("abort", () => end(reject, signal.reason), { once: true });
    // Handed over, not copied: the page keeps no bytes of the passphrase.
    const bytes = new TextEncoder().encode(passphrase);
    worker.postMessage({ passphrase: bytes, salt, logN }, [bytes.buffer]);
  });
}
