import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const frame = new URL('frame/', dist);

/**
 * Budgets in bytes of gzip (level 9). What shows options, cards, forms, articles and ratings is apart from the chat: it is fetched when the first such message is on the
 * screen, and most visitors never get one. Together they stay below 50 kB.
 */
export const budgets = { loader: 5_000, chat: 45_000, interactive: 4_500 };
const INTERACTIVE = 'src/frame/interactive/Interactive.vue';

const gzip = (url) => gzipSync(readFileSync(url), { level: 9 }).length;

/** Measures what a visitor downloads: the loader; the chat's page with every script and style plus its largest single locale; and what comes with the first interactive message. Bytes of gzip. */
export function measure() {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', frame), 'utf8'));
  const locales = new Set(Object.entries(manifest).filter(([key]) => key.includes('/locales/')).map(([, chunk]) => chunk.file));
  const parts = {};
  for (const file of readdirSync(frame).filter((name) => /\.(html|js|css)$/.test(name))) parts[file] = gzip(new URL(file, frame));
  const later = manifest[INTERACTIVE];
  // A budget of its own is for what is fetched on its own: never with the page, and in one piece.
  if (!later?.isDynamicEntry || manifest['index.html'].imports?.includes(INTERACTIVE) || later.css) throw new Error(`${INTERACTIVE} is no file of its own any more.`);
  const localeSizes = Object.fromEntries(Object.entries(parts).filter(([file]) => locales.has(file)));
  const rest = Object.entries(parts).filter(([file]) => !locales.has(file) && file !== later.file).reduce((sum, [, size]) => sum + size, 0);
  const chat = rest + Math.max(0, ...Object.values(localeSizes));
  return { loader: gzip(new URL('widget.js', dist)), chat, interactive: parts[later.file], parts, budgets };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = measure();
  writeFileSync(new URL('sizes.json', dist), `${JSON.stringify(sizes, null, 2)}\n`);
  for (const [file, size] of Object.entries(sizes.parts)) console.log(`  ${String(size).padStart(6)}  ${file}`);
  let over = false;
  for (const name of Object.keys(budgets)) {
    const fits = sizes[name] <= budgets[name];
    console.log(`${name}: ${sizes[name]} of ${budgets[name]} bytes gzip${fits ? '' : ': too large'}`);
    over ||= !fits;
  }
  if (over) process.exit(1);
}
