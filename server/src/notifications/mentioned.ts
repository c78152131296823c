/** Who is named in a note: `[@Ana](mention://user/3/Ana)`, and teams likewise. */
export function mentionedIn(content: string | null): { users: number[]; teams: number[] } {
  const found = [...(content ?? '').matchAll(/\(mention:\/\/(user|team)\/(\d{1,15})\/[^)]{0,1000}\)/g)];
  const ids = (kind: string): number[] => [...new Set(found.filter((match) => match[1] === kind).map((match) => Number(match[2])))];
  return { users: ids('user'), teams: ids('team') };
}

/** The note with names in place of links. */
export const withoutMentionLinks = (content: string): string => content.replace(/\[(@[^\]]+)\]\(mention:\/\/[^)]*\)/g, '$1');
