// The worker that turns a passphrase into a key. It computes for seconds, so it
// must not stand in the page's own thread. `bundle` makes one string of it,
// since a worker cannot be loaded from a file on file://.

import { scrypt } from "@noble/hashes/scrypt.js";

onmessage = ({ data: { passphrase, salt, logN } }) => {
  const key = scrypt(passphrase, salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
  passphrase.fill(0);
  postMessage(key, [key.buffer]);
};
