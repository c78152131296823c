/** One emoji with its name and further words in the person's language. */
export interface Emoji {
  character: string;
  name: string;
  words: string;
}

/** `character: [name, further words]`, one file per language, taken from Unicode CLDR 45, in the order shown. */
type EmojiFile = Record<string, [name: string, words: string]>;
const files = import.meta.glob<EmojiFile>('./emoji/*.json', { import: 'default' });
const loaded = new Map<string, Promise<Emoji[]>>();

/** The list in a language; English where there is none. Fetched once, when first needed. */
export function loadEmoji(language: string): Promise<Emoji[]> {
  const path = files[`./emoji/${language}.json`] ? `./emoji/${language}.json` : './emoji/en.json';
  let list = loaded.get(path);
  if (!list) {
    list = files[path]!().then((file) => Object.entries(file).map(([character, [name, words]]) => ({ character, name, words })));
    list.catch(() => loaded.delete(path));
    loaded.set(path, list);
  }
  return list;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Those whose words begin with what is typed, names before further words. */
export function findEmoji(all: readonly Emoji[], query: string, limit: number): Emoji[] {
  const wanted = plain(query.trim().replaceAll('_', ' '));
  if (!wanted) return all.slice(0, limit);
  const begins = (text: string) => ` ${plain(text)}`.includes(` ${wanted}`);
  const named = all.filter(({ name }) => begins(name));
  return [...named, ...all.filter((emoji) => !named.includes(emoji) && begins(emoji.words))].slice(0, limit);
}
