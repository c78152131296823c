import { z } from 'zod';

const Person = z.object({ name: z.string(), address: z.string() });
const Verdict = z.enum(['pass', 'fail', 'none']);

/** A mail as the thread shows it beside its text. */
export const ShownMail = z.object({
  subject: z.string(), direction: z.enum(['in', 'out']), date: z.int().nullable(), from: Person.nullable(), to: z.array(Person), cc: z.array(Person), bcc: z.array(Person), reply_to: z.array(Person),
  authentication: z.object({ spf: Verdict, dkim: Verdict, dmarc: Verdict, aligned: z.boolean() }).nullable(),
  /** Addresses of pages for a frame; `new_text` is without what the mail quotes, null when it quotes nothing. */
  pages: z.object({ whole: z.string(), new_text: z.string().nullable() }),
  pictures: z.object({ remote: z.int(), shown: z.boolean(), trusted: z.boolean(), may_trust: z.boolean() }),
  has_original: z.boolean(), refused: z.array(z.object({ address: z.string(), reason: z.string() })),
}).meta({ id: 'ShownMail' });
export type ShownMail = z.infer<typeof ShownMail>;

export const MailHeaderLines = z.object({ payload: z.array(z.object({ name: z.string(), value: z.string() })) }).meta({ id: 'MailHeaderLines' });
export const ShowMailQuery = z.object({ pictures: z.enum(['true', 'false']).optional() });
export const TrustPictures = z.object({ trusted: z.boolean() });
