import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import nodemailer, { type Transporter } from 'nodemailer';
import { CONFIG, type Config } from '../config/config.js';

/** One mail, as plain text and as simple HTML saying the same. */
export interface Mail {
  to: { name: string; address: string }; subject: string; text: string; html: string;
  /** Where such mails can be turned off, for those that come again and again: a page, which takes a bare POST as the wish. */
  unsubscribe?: string;
}

const TIMEOUT_MS = 20_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Sends the installation's own mail over its SMTP server. Call it from jobs only: it waits for another machine. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.transport = config.SMTP_URL === undefined ? undefined : transportTo(config.SMTP_URL);
  }

  /** Whether mail can be sent at all. Without it, links are shown to whoever asked for them. */
  get configured(): boolean {
    return this.transport !== undefined;
  }

  /** Hands the mail to the SMTP server. Throws when it does not take it. */
  async send(mail: Mail): Promise<void> {
    if (!this.transport) throw new Error('No SMTP server is set (SMTP_URL).');
    await this.transport.sendMail({
      from: this.config.MAIL_FROM, to: mail.to, subject: mail.subject, text: mail.text, html: mail.html,
      // RFC 3834, and Exchange's own word for it: nobody's holiday notice answers it.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...(mail.unsubscribe !== undefined && unsubscribeHeaders(mail.unsubscribe)) },
    });
  }

  /** Connects, makes the connection safe and signs in, and sends nothing. Throws what the server or the way to it says. */
  async verify(): Promise<void> {
    await this.transport?.verify();
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}

/** RFC 2369; the one click of RFC 8058 is for addresses that nobody on the way can read. */
const unsubscribeHeaders = (url: string): Record<string, string> => ({ 'List-Unsubscribe': `<${url}>`, ...(url.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }) });

// TLS is demanded and its certificate checked, except towards this machine. `?ignoreTLS=true` in the URL is the owner's own decision.
function transportTo(url: string): Transporter {
  const given = new URL(url);
  const plain = given.searchParams.has('ignoreTLS') || LOOPBACK.test(given.hostname);
  return nodemailer.createTransport({ url, pool: false, requireTLS: !plain, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS } as never);
}
