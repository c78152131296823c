import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { isIP } from 'node:net';
import { finished, PassThrough } from 'node:stream';
import { failureOf, said, type SmtpError } from './smtp-failure.js';
import type { SmtpFailure, SmtpMail, SmtpOutcome, SmtpServer } from './smtp-server.js';

/** How long each step may take, in milliseconds. */
export interface SmtpPatience { connect: number; answer: number }

/** One connection to a server, signed in. */
export class SmtpSession {
  /** Mails taken over this connection. */
  mails = 0;
  private gone = false;

  private constructor(private readonly connection: SMTPConnection) {
    connection.on('error', () => { this.gone = true; });
    connection.on('end', () => { this.gone = true; });
  }

  /** Connects to the given addresses of the server, one after the other, and signs in. */
  static async open(server: SmtpServer, addresses: readonly string[], name: string, patience: SmtpPatience): Promise<SmtpSession | SmtpFailure> {
    let failure: SmtpFailure = { stage: 'connect', permanent: false, reason: 'The server cannot be reached.' };
    for (const address of addresses) {
      const opened = await connect(server, address, name, patience);
      if (opened instanceof SMTPConnection) {
        const refused = await signIn(opened, server);
        if (!refused) return new SmtpSession(opened);
        opened.close();
        return refused;
      }
      failure = opened;
      if (failure.stage !== 'connect') return failure;
    }
    return failure;
  }

  get usable(): boolean {
    return !this.gone;
  }

  /** Hands over one mail. After anything but `accepted` the connection is closed: nobody knows what it is in the middle of. */
  async send(mail: SmtpMail): Promise<SmtpOutcome> {
    const outcome = await this.hand(mail);
    if (outcome.kind === 'accepted') this.mails += 1;
    else this.close();
    return outcome;
  }

  private hand(mail: SmtpMail): Promise<SmtpOutcome> {
    return new Promise((resolve) => {
      const bytes = new PassThrough();
      // Once the last byte was passed on, the server may have taken the mail, whatever happens to the connection.
      let isComplete = false;
      bytes.once('end', () => { isComplete = true; });
      const source = mail.read();
      finished(source, (error) => { if (error) bytes.destroy(error); });
      source.pipe(bytes);
      this.connection.send({ from: mail.from, to: [...mail.to] }, bytes, (error, info) => {
        if (error) source.destroy();
        resolve(error ? outcomeOf(error as SmtpError, isComplete) : {
          kind: 'accepted', response: said(info.response),
          refused: ((info.rejectedErrors ?? []) as (SmtpError & { recipient?: string })[])
            .map((one) => ({ address: one.recipient ?? '', permanent: (one.responseCode ?? 500) >= 500, reason: said(one.response) })),
        });
      });
    });
  }

  /** Ends the connection politely. */
  close(): void {
    this.gone = true;
    this.connection.close();
  }
}

function outcomeOf(error: SmtpError, isComplete: boolean): SmtpOutcome {
  if (error.responseCode === undefined && isComplete) return { kind: 'unknown', reason: 'The connection broke after the mail was handed over, before the server confirmed it.' };
  return { kind: 'refused', ...failureOf(error, 'message') };
}

function connect(server: SmtpServer, address: string, name: string, patience: SmtpPatience): Promise<SMTPConnection | SmtpFailure> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection({
      host: address, port: server.port, secure: server.security === 'tls', requireTLS: server.security === 'starttls', ignoreTLS: server.security === 'none', name,
      // The certificate is checked against the name that was given, not against the address that it led to.
      tls: { ...(isIP(server.host) === 0 && { servername: server.host }), minVersion: 'TLSv1.2', rejectUnauthorized: server.unverified !== true },
      connectionTimeout: patience.connect, greetingTimeout: patience.answer, socketTimeout: patience.answer,
      customAuth: { XOAUTH2: (ctx) => void ctx.sendCommand(`AUTH XOAUTH2 ${bearer(server)}`).then(async (answer) => {
        if (answer.status === 235) return ctx.resolve();
        // The server explains itself in a challenge; an empty answer makes it say no in the usual form.
        if (answer.status === 334) await ctx.sendCommand('');
        ctx.reject(new Error('Invalid login'));
      }, (error: Error) => ctx.reject(error)) },
    });
    const fail = (error: Error): void => {
      resolve(failureOf(error as SmtpError, 'connect'));
      connection.close();
    };
    connection.once('error', fail);
    connection.connect((error) => {
      connection.off('error', fail);
      if (error) fail(error);
      else resolve(connection);
    });
  });
}

function signIn(connection: SMTPConnection, server: SmtpServer): Promise<SmtpFailure | undefined> {
  if (server.user === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve(failureOf(error as SmtpError, 'sign_in'));
    connection.once('error', fail);
    // The token is sent by our own handler; nodemailer chooses the method only when something stands in for its token source.
    connection.login(server.accessToken === undefined ? { user: server.user, pass: server.password } : { user: server.user, method: 'XOAUTH2', oauth2: {} as never }, (error) => {
      connection.off('error', fail);
      if (error) fail(error);
      else resolve(undefined);
    });
  });
}

const bearer = (server: SmtpServer): string => Buffer.from(`user=${server.user}\u0001auth=Bearer ${server.accessToken}\u0001\u0001`).toString('base64');
