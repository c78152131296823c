/** The page on which a conversation is rated. */
export const surveyLink = (publicUrl: string, uuid: string): string => `${publicUrl}/survey/responses/${uuid}`;

/** The question alone: where it was sent with a link, without it. */
export function questionWithoutLink(content: string | null, link: string): string {
  const text = content ?? '';
  return text.endsWith(link) ? text.slice(0, -link.length).trim() : text;
}
