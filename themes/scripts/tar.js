// Reads the tar that a sealed file holds: ustar, with long names and sizes as
// GNU tar ('L') or POSIX ("x", pax) write them.

(() => {
  "use strict";
  const BLOCK = 512;

  // The files in it, in order: [{name, bytes}]. The bytes are views, not copies.
  // Throws where the archive is cut off or damaged.
  function read(bytes) {
    const files = [];
    let next = {};
    for (let at = 0; at + BLOCK <= bytes.length;) {
      const header = bytes.subarray(at, at + BLOCK);
      if (header.every((byte) => byte === 0)) break;
      if (!soundHeader(header)) throw new Error("damaged tar header");
      const size = next.size ?? number(header.subarray(124, 136));
      const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
      if (!Number.isSafeInteger(size) || content.length !== size) throw new Error("tar is cut off");
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;

      const kind = String.fromCharCode(header[156]);
      if (kind === "L") next.name = text(content);
      else if (kind === "x") Object.assign(next, pax(content));
      else {
        if (kind === "0" || kind === "\0") files.push({ name: next.name ?? ownName(header), bytes: content });
        // Directories, links and comments are of no use here.
        if (kind !== "g") next = {};
      }
    }
    return files;
  }

  // The sum of all bytes of the header, its own field taken as blanks.
  function soundHeader(header) {
    let sum = 8 * 32;
    header.forEach((byte, at) => {
      if (at < 148 || at >= 156) sum += byte;
    });
    return sum === number(header.subarray(148, 156));
  }

  function ownName(header) {
    const name = text(header.subarray(0, 100));
    const ustar = text(header.subarray(257, 263)).startsWith("ustar");
    const folder = ustar && header[263] === 48 ? text(header.subarray(345, 500)) : "";
    return folder === "" ? name : `${folder}/${name}`;
  }

  function text(bytes) {
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  // Octal digits, or, with the highest bit set, a number in base 256.
  function number(bytes) {
    if (bytes[0] & 0x80) {
      return bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, bytes[0] & 0x7f);
    }
    return parseInt(text(bytes).trim() || "0", 8);
  }

  // Lines of "LENGTH KEY=VALUE\n", the length counting the whole line in bytes.
  function pax(bytes) {
    const found = {};
    for (let at = 0; at < bytes.length;) {
      const blank = bytes.indexOf(32, at);
      const length = parseInt(new TextDecoder().decode(bytes.subarray(at, blank)), 10);
      if (blank < 0 || !(length > 0)) break;
      const line = new TextDecoder().decode(bytes.subarray(blank + 1, at + length - 1));
      const [key, value] = [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)];
      if (key === "path") found.name = value;
      if (key === "size") found.size = Number(value);
      at += length;
    }
    return found;
  }

  strongroom.join("tar", { read });
})();
