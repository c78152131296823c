import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Socket } from 'node:net';

/** A mail as the server got it. */
export interface TakenMail { from: string; to: string[]; raw: string; user: string | undefined }
/** What the server does with the next mail, in place of taking it. */
export type SmtpBehaviour =
  | { at: 'sender' | 'recipient' | 'data'; code: number; text: string; only?: string }
  /** The connection dies while the mail is written. */
  | 'drop in the middle'
  /** The whole mail arrives and is kept; the confirmation is never sent. */
  | 'take it and drop';

/** A real SMTP server that does what a test tells it, once per telling. */
export class SmtpReceiver {
  readonly mails: TakenMail[] = [];
  /** Connections ever opened. */
  connections = 0;
  private readonly plan: SmtpBehaviour[] = [];
  private server!: SMTPServer;
  port = 0;

  private constructor(private readonly options: SMTPServerOptions, private readonly pipe: (mail: TakenMail) => Promise<void>) {}

  /** What it takes goes through the pipe before it says so. */
  static async start(options: SMTPServerOptions = {}, pipe: (mail: TakenMail) => Promise<void> = () => Promise.resolve()): Promise<SmtpReceiver> {
    const receiver = new SmtpReceiver(options, pipe);
    receiver.server = receiver.listen();
    await new Promise<void>((resolve) => { receiver.server.listen(0, '127.0.0.1', () => resolve()); });
    receiver.port = (receiver.server.server.address() as { port: number }).port;
    return receiver;
  }

  next(...behaviours: SmtpBehaviour[]): void {
    this.plan.push(...behaviours);
  }

  /** Closes every open connection, as servers do with idle ones. */
  hangUp(): void {
    for (const connection of this.server.connections) (connection as unknown as { _socket: Socket })._socket.destroy();
  }

  stop(): Promise<void> {
    this.hangUp();
    return new Promise((resolve) => { this.server.close(() => resolve()); });
  }

  private refuses(at: 'sender' | 'recipient' | 'data', address?: string): Error | undefined {
    const [next] = this.plan;
    if (!next || typeof next === 'string' || next.at !== at || (next.only !== undefined && next.only !== address)) return undefined;
    this.plan.shift();
    return Object.assign(new Error(next.text), { responseCode: next.code });
  }

  private listen(): SMTPServer {
    return new SMTPServer({
      authOptional: true, logger: false, ...(this.options.secure || this.options.key ? {} : { disabledCommands: ['STARTTLS'] }), ...this.options,
      onConnect: (_session, done) => { this.connections += 1; done(); },
      onAuth: this.options.onAuth ?? ((auth, _session, done) => {
        const isRight = auth.password === 'right' || auth.accessToken === 'right-token';
        if (isRight) done(null, { user: auth.username });
        else done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
      }),
      onMailFrom: (_address, _session, done) => done(this.refuses('sender')),
      onRcptTo: (address, _session, done) => done(this.refuses('recipient', address.address)),
      onData: (stream, session, done) => {
        const behaviour = this.plan[0];
        if (behaviour === 'drop in the middle') {
          this.plan.shift();
          stream.once('data', () => this.hangUp());
          stream.on('error', () => undefined);
          return;
        }
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const refused = this.refuses('data');
          if (refused) return done(refused);
          if (stream.sizeExceeded) return done(Object.assign(new Error('5.3.4 Message too big for system'), { responseCode: 552 }));
          const mail = {
            from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '', to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(parts).toString('utf8'),
            user: typeof session.user === 'string' ? session.user : undefined,
          };
          this.mails.push(mail);
          void this.pipe(mail).then(() => {
            if (behaviour !== 'take it and drop') return done();
            this.plan.shift();
            this.hangUp();
          }, done);
        });
      },
    }).on('error', () => undefined);
  }
}
