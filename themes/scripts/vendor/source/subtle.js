// Over plain http a browser has no `crypto.subtle`. The library falls back to
// its own X25519 only where the browser says "not supported", and stumbles over
// an absent object. This stand-in says it. `bundle` puts it in place of
// `crypto.subtle` within the bundle; the page's own `crypto` stays untouched.

function notSupported() {
  return Promise.reject(new DOMException("no WebCrypto over plain http", "NotSupportedError"));
}

export const subtle = globalThis.crypto?.subtle ?? Object.freeze({
  importKey: notSupported,
  deriveBits: notSupported,
});
