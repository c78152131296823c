import { SMTPServer } from 'smtp-server';
import { eventually } from './http.js';

export interface ReceivedMail { to: string[]; from: string; raw: string; text: string }
export interface MailServer { url: string; mails: ReceivedMail[]; refuse(times: number): void; mailTo(address: string): Promise<ReceivedMail>; close(): Promise<void> }

/** Quoted-printable as nodemailer writes it, read back. */
const decoded = (raw: string): string => {
  const bytes = raw.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
};

/** A real SMTP server on this machine that keeps what it gets. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refusals = 0;
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => parts.push(chunk));
      stream.on('end', () => {
        if (refusals > 0) {
          refusals -= 1;
          done(Object.assign(new Error('Try again later'), { responseCode: 451 }));
          return;
        }
        const raw = Buffer.concat(parts).toString('utf8');
        mails.push({ to: session.envelope.rcptTo.map((r) => r.address), from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '', raw, text: decoded(raw) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => resolve()); });
  const { port } = server.server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`, mails,
    refuse: (times) => { refusals = times; },
    mailTo: (address) => eventually(`a mail to ${address}`, () => mails.find((mail) => mail.to.includes(address))),
    close: () => new Promise<void>((resolve) => { server.close(() => resolve()); }),
  };
}

/** The one-time link in a mail of ours. */
export function linkIn(mail: ReceivedMail): URL {
  const found = /https?:\/\/\S+\/app\/\S+\?token=[\w-]+/.exec(mail.text);
  if (!found) throw new Error(`No link in: ${mail.text}`);
  return new URL(found[0]);
}
