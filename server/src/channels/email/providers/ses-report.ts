import { z } from 'zod';
import type { MailReport, ReportedRecipient } from '../reports/delivery-news.js';

const recipients = z.array(z.object({ emailAddress: z.string().max(400), action: z.string().optional(), status: z.string().optional(), diagnosticCode: z.string().optional() })).max(100);
const News = z.object({
  mail: z.object({ messageId: z.string().min(1).max(200) }), bounce: z.object({ bouncedRecipients: recipients }).optional(), complaint: z.object({ complainedRecipients: recipients }).optional(),
  deliveryDelay: z.object({ delayedRecipients: recipients }).optional(), delivery: z.object({ recipients: z.array(z.string().max(400)).max(100) }).optional(),
});

/** What Amazon SES tells of a mail that was sent through it. Undefined when the notice is about something else. */
export function sesReport(message: unknown): MailReport | undefined {
  const read = News.safeParse(message);
  if (!read.success) return undefined;
  const { mail, bounce, complaint, deliveryDelay, delivery } = read.data;
  const report = (kind: MailReport['kind'], people: ReportedRecipient[]): MailReport => ({ kind, aboutIds: [mail.messageId], recipients: people });
  const of = (action: ReportedRecipient['action'], people: z.infer<typeof recipients>): ReportedRecipient[] =>
    people.map((one) => ({ address: one.emailAddress.toLowerCase(), action, status: one.status ?? null, diagnostic: one.diagnosticCode?.replace(/^[\w-]+;\s*/, '').slice(0, 500) ?? null }));
  if (bounce) return report('bounce', of('failed', bounce.bouncedRecipients));
  if (complaint) return report('complaint', of('failed', complaint.complainedRecipients));
  if (deliveryDelay) return report('bounce', of('delayed', deliveryDelay.delayedRecipients));
  return delivery && report('bounce', of('delivered', delivery.recipients.map((emailAddress) => ({ emailAddress }))));
}
