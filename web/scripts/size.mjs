// What a browser has to load before the first page shows: what index.html names, and what that imports at once, packed.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 350 * 1024;
const folder = process.argv[2] ?? "dist";
const page = readFileSync(`${folder}/index.html`, "utf8");
const waiting = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const seen = new Set();
let total = gzipSync(page).length;
while (waiting.length > 0) {
  const path = waiting.pop();
  if (seen.has(path)) continue;
  seen.add(path);
  const text = readFileSync(folder + path, "utf8");
  total += gzipSync(text).length;
  for (const [, imported] of text.matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g)) {
    waiting.push(`${path.slice(0, path.lastIndexOf("/"))}/${imported.slice(2)}`);
  }
}
console.log(`first load: ${(total / 1024).toFixed(1)} KiB packed, of ${MOST / 1024} allowed (${seen.size} files)`);
if (total > MOST) process.exit(1);
