import MailComposer from 'nodemailer/lib/mail-composer';

/** A mail that a provider took apart. */
export interface TakenApart {
  /** The header as it came, in its order. */
  headers: [string, string][]; text: string | null; html: string | null;
  files: { name: string; type: string; contentId: string | null; content: Buffer }[];
}

const BODY_HEADERS = /^(content-[\w-]+|mime-version)$/i;

/** Puts it together again, so that everything after reads mails in one form only. */
export async function composeRaw({ headers, text, html, files }: TakenApart): Promise<Buffer> {
  const built = await new MailComposer({
    text: text ?? undefined, html: html ?? undefined,
    attachments: files.map((file) => ({ filename: file.name, contentType: file.type, content: file.content, ...(file.contentId && { cid: file.contentId, contentDisposition: 'inline' as const }) })),
  }).compile().build();
  const end = built.indexOf('\r\n\r\n');
  const ownHeader = built.subarray(0, end).toString('latin1').split(/\r\n(?![ \t])/).filter((line) => BODY_HEADERS.test(line.split(':')[0]!));
  const given = headers.filter(([name]) => /^[!-9;-~]+$/.test(name) && !BODY_HEADERS.test(name)).map(([name, value]) => `${name}: ${value.replace(/[\r\n\u0000]+/g, ' ').trim()}`);
  return Buffer.concat([Buffer.from([...given, ...ownHeader.map((line) => line.toString())].join('\r\n'), 'utf8'), built.subarray(end)]);
}

/** Header lines in one text, folded or not. */
export const headerPairs = (text: string): [string, string][] => text.split(/\r?\n(?![ \t])/).flatMap((line) => {
  const colon = line.indexOf(':');
  return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).replace(/\s+/g, ' ').trim()] as [string, string]] : [];
});
