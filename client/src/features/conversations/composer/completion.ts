/** What begins a completion: a colleague, an emoji, a saved reply or macro. */
export type Sign = '@' | ':' | '/';

/** What is being typed behind a sign, with where it begins; null when nothing is to be completed. */
export interface Trigger {
  sign: Sign;
  query: string;
  from: number;
}

/** Looks back from the cursor for a sign at the beginning of a word. `:` needs two letters, so that "10:30" stays quiet. */
export function triggerAt(text: string, cursor: number, signs: readonly Sign[]): Trigger | null {
  const match = /(^|[\s(])([@:/])([\p{L}\p{N}_+\-.]*)$/u.exec(text.slice(0, cursor));
  if (!match) return null;
  const sign = match[2] as Sign;
  const query = match[3]!;
  if (!signs.includes(sign) || (sign === ':' && query.length < 2)) return null;
  return { sign, query, from: cursor - query.length - 1 };
}

/** A colleague that was picked while writing a note. */
export interface Mention {
  id: number;
  name: string;
}

/** Writes the mentions the way the server knows them; in the box they stand as plain names. */
export function withMentions(text: string, mentions: readonly Mention[]): string {
  const longestFirst = [...new Map(mentions.map((mention) => [mention.id, mention])).values()].sort((a, b) => b.name.length - a.name.length);
  const pattern = longestFirst.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  if (!pattern) return text;
  return text.replace(new RegExp(`@(${pattern})(?![\\p{L}\\p{N}])`, 'gu'), (_whole, name: string) => {
    const mention = longestFirst.find((other) => other.name === name)!;
    return `[@${name}](mention://user/${mention.id}/${encodeURIComponent(name)})`;
  });
}
