// The first load, from sign-in to an open conversation in the inbox, must stay within 300 kB gzip: page, scripts, styles, English words, Latin font.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 300;
const dist = path.resolve(import.meta.dirname, '../dist');
const manifest = JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'));

// What the browser fetches on the way: the entry, the frame, sign-in, the inbox, and the English words of each.
const roots = Object.keys(manifest).filter((key) =>
  key === 'index.html' ||
  /^src\/app\/(HomePage|layout\/AppLayout)\.vue$/.test(key) ||
  /^src\/features\/identity\/SignInPage\.vue$/.test(key) ||
  /^src\/features\/conversations\/(ConversationsPage\.vue|follow-account\.ts|thread\/(NothingOpen|ConversationPane)\.vue)$/.test(key) ||
  /^src\/locales\/en\.json$/.test(key) ||
  /^src\/features\/(identity|conversations|onboarding)\/locales\/en\.json$/.test(key));

for (const must of ['identity/SignInPage.vue', 'conversations/ConversationsPage.vue', 'conversations/thread/ConversationPane.vue']) {
  if (!roots.includes(`src/features/${must}`)) throw new Error(`${must} is not in the build: name the page that took its place in check-size.mjs`);
}

const files = new Set(['index.html', 'first-paint.js']);
const seen = new Set();
function follow(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  if (!chunk) throw new Error(`The build's manifest has no ${key}`);
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) follow(next);
}
roots.forEach(follow);
const font = Object.values(manifest).map((chunk) => chunk.file).find((file) => /inter-latin-wght-normal.*\.woff2$/.test(file));
if (!font) throw new Error('The Latin font is missing from the build');
files.add(font);

// A font is compressed already and travels as it is.
const sizeOf = (file) => (file.endsWith('.woff2') ? readFileSync(path.join(dist, file)).length : gzipSync(readFileSync(path.join(dist, file))).length);
const sizes = [...files].filter((file) => existsSync(path.join(dist, file))).map((file) => ({ file, bytes: sizeOf(file) })).sort((a, b) => b.bytes - a.bytes);
const totalKb = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
for (const { file, bytes } of sizes.slice(0, 12)) console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
console.log(`First load: ${totalKb.toFixed(1)} kB of ${LIMIT_KB} kB in ${sizes.length} files`);
if (totalKb > LIMIT_KB) {
  console.error('The first load is too large. Load what the inbox does not show at once with import(), or drop a dependency.');
  process.exit(1);
}
