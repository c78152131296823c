import { createHmac, createPublicKey, createVerify, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { MailEnvelope } from '../receiving/raw-mails.repository.js';
import type { MailReport } from '../reports/delivery-news.js';
import { composeRaw, headerPairs } from './compose-raw.js';
import { readForm } from './form.js';

/** A mail out of a provider's request; `once` names the request where the provider asks that it is taken only once. */
export interface ProviderMail { raw: Buffer; envelope: MailEnvelope; once?: string }
/** What a provider reports of a mail of ours. */
export interface ProviderReport { report: MailReport; once: string }
/** The request does not come from the provider, as far as anybody can tell. */
export class NotFromProvider extends Error {}
/** The request is no mail that we understand; the message says what to change. */
export class NotAProviderMail extends Error {}

export interface HookRequest { body: Buffer; type: string; header(name: string): string | undefined; secrets: Record<string, string>; now: number }

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
const TOLERANCE_S = 15 * 60;
const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new NotAProviderMail('This is not JSON.');
  }
};

const PostmarkMail = z.object({
  RawEmail: z.string().optional(), From: z.string().default(''), To: z.string().default(''), Cc: z.string().default(''), Bcc: z.string().default(''), ReplyTo: z.string().default(''), Subject: z.string().default(''), Date: z.string().default(''),
  OriginalRecipient: z.string().default(''), TextBody: z.string().nullish(), HtmlBody: z.string().nullish(), Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Attachments: z.array(z.object({ Name: z.string().default(''), Content: z.string(), ContentType: z.string().default('application/octet-stream'), ContentID: z.string().nullish() })).default([]),
});

/** Postmark posts JSON and signs nothing; it sends the name and password that were put into its address. */
export async function postmarkMail({ body, header, secrets }: HookRequest): Promise<ProviderMail> {
  const credentials = secrets['postmark_credentials'];
  if (credentials && !same(header('authorization') ?? '', `Basic ${Buffer.from(credentials).toString('base64')}`)) throw new NotFromProvider();
  const mail = PostmarkMail.safeParse(parsed(body));
  if (!mail.success) throw new NotAProviderMail('This is no inbound message of Postmark.');
  const m = mail.data;
  const spam = m.Headers.find(({ Name }) => /^x-spam-status$/i.test(Name))?.Value;
  const envelope: MailEnvelope = { ...(m.OriginalRecipient !== '' && { rcpt_to: [m.OriginalRecipient] }), ...(spam !== undefined && { spam: /^yes/i.test(spam) }) };
  if (m.RawEmail) return { raw: Buffer.from(m.RawEmail, 'utf8'), envelope };
  const named: [string, string][] = [['From', m.From], ['To', m.To], ['Cc', m.Cc], ['Bcc', m.Bcc], ['Reply-To', m.ReplyTo], ['Subject', m.Subject], ['Date', m.Date]];
  const others = m.Headers.map(({ Name, Value }): [string, string] => [Name, Value]);
  const missing = named.filter(([name, value]) => value !== '' && !others.some(([other]) => other.toLowerCase() === name.toLowerCase()));
  return {
    raw: await composeRaw({
      headers: [...missing, ...others], text: m.TextBody ?? null, html: m.HtmlBody || null,
      files: m.Attachments.map((file) => ({ name: file.Name, type: file.ContentType, contentId: file.ContentID?.replace(/^<|>$/g, '') || null, content: Buffer.from(file.Content, 'base64') })),
    }), envelope,
  };
}

/** Mailgun signs a time and a token with the account's signing key. */
export async function mailgunMail({ body, type, secrets, now }: HookRequest): Promise<ProviderMail> {
  const key = secrets['mailgun_signing_key'];
  const form = readForm(body, type);
  const [timestamp, token, signature] = [form.field('timestamp') ?? '', form.field('token') ?? '', form.field('signature') ?? ''];
  if (!key || token === '' || !same(signature, createHmac('sha256', key).update(timestamp + token).digest('hex')) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_S) throw new NotFromProvider();
  const envelope: MailEnvelope = { mail_from: form.field('sender'), rcpt_to: form.field('recipient')?.split(',') };
  const once = `mailgun:${token.slice(0, 200)}`;
  const whole = form.bytes('body-mime');
  if (whole) return { raw: whole, envelope, once };
  const headers = z.array(z.tuple([z.string(), z.string()])).safeParse(parsed(Buffer.from(form.field('message-headers') ?? 'null')));
  if (!headers.success) throw new NotAProviderMail('This is no message of Mailgun.');
  const ids = parsed(Buffer.from(form.field('content-id-map') ?? '{}')) as Record<string, string> | null;
  const idOf = (field: string): string | null => Object.entries(ids ?? {}).find(([, name]) => name === field)?.[0].replace(/^<|>$/g, '') ?? null;
  return {
    raw: await composeRaw({ headers: headers.data, text: form.field('body-plain') ?? null, html: form.field('body-html') || null, files: form.files.map((file) => ({ ...file, contentId: idOf(file.field) })) }), envelope, once,
  };
}

/** SendGrid signs the whole body with its own key, when its security policy is switched on. */
export async function sendgridMail({ body, type, header, secrets, now }: HookRequest): Promise<ProviderMail> {
  const key = secrets['sendgrid_verification_key'];
  if (key) {
    const timestamp = header('x-twilio-email-event-webhook-timestamp') ?? '';
    if (!signedBySendgrid(key, timestamp, body, header('x-twilio-email-event-webhook-signature') ?? '') || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_S) throw new NotFromProvider();
  }
  const form = readForm(body, type);
  const given = z.object({ to: z.array(z.string()).default([]), from: z.string().optional() }).safeParse(parsed(Buffer.from(form.field('envelope') ?? '{}')));
  const envelope: MailEnvelope = {
    ...(given.success && { mail_from: given.data.from, rcpt_to: given.data.to }), remote_ip: form.field('sender_ip') || undefined,
    // Its own verdicts are only believed where it proves that they are its own.
    ...(key && { spf: form.field('SPF')?.toLowerCase() }),
  };
  const whole = form.bytes('email');
  if (whole) return { raw: whole, envelope };
  const headers = form.field('headers');
  if (headers === undefined) throw new NotAProviderMail('This is no message of SendGrid.');
  const charsets = z.record(z.string(), z.string()).catch({}).parse(parsed(Buffer.from(form.field('charsets') ?? '{}')));
  const ids = z.record(z.string(), z.string()).catch({}).parse(parsed(Buffer.from(form.field('content-ids') ?? '{}')));
  const idOf = (field: string): string | null => Object.entries(ids).find(([, name]) => name === field)?.[0].replace(/^<|>$/g, '') ?? null;
  return {
    raw: await composeRaw({
      headers: headerPairs(headers), text: form.field('text', charsets['text']) ?? null, html: form.field('html', charsets['html']) || null, files: form.files.map((file) => ({ ...file, contentId: idOf(file.field) })),
    }), envelope,
  };
}

function signedBySendgrid(key: string, timestamp: string, body: Buffer, signature: string): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key.replace(/-----[^-]+-----|\s/g, ''), 'base64'), format: 'der', type: 'spki' });
    return createVerify('sha256').update(timestamp).update(body).verify(publicKey, signature, 'base64');
  } catch {
    return false;
  }
}
