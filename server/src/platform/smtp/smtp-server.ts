import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** How a connection is kept from being read on its way. `none` only towards hosts that the operator named. */
export type SmtpSecurity = 'tls' | 'starttls' | 'none';

/** A server that takes mail, and who we are to it. */
export interface SmtpServer {
  host: string;
  port: number;
  security: SmtpSecurity;
  /** Nobody signs in when there is none. */
  user?: string;
  password?: string;
  /** Instead of a password: SASL XOAUTH2. */
  accessToken?: string;
  /** The administrator of the inbox said not to check the certificate. */
  unverified?: boolean;
  /** Set by the operator, who may also mean a server inside the own network. */
  trusted?: boolean;
}

/** One mail on its way: who it is from and for as the server sees it, and its bytes, made anew for every try. */
export interface SmtpMail { from: string; to: readonly string[]; read(): Readable }

/** How far a try came. Before `sent` the server cannot have taken the mail. */
export type SmtpStage = 'address' | 'connect' | 'tls' | 'sign_in' | 'sender' | 'recipient' | 'message';
/** What the server, or the way to it, said no to. */
export interface SmtpFailure {
  stage: SmtpStage;
  /** Trying again will not help until somebody changes something. */
  permanent: boolean;
  /** The server's three digits, where it gave any. */
  code?: number;
  /** In words for the person who set it up or wrote the mail. */
  reason: string;
}
/** A recipient that the server did not take while it took others. */
export interface RefusedRecipient { address: string; permanent: boolean; reason: string }

/** What became of one try. Never thrown. */
export type SmtpOutcome =
  | { kind: 'accepted'; response: string; refused: RefusedRecipient[] }
  | ({ kind: 'refused' } & SmtpFailure)
  /** The whole mail was written and the answer lost. */
  | { kind: 'unknown'; reason: string };

/** What two equal ways to the same server have in common. Holds no readable secret. */
export function serverKey(server: SmtpServer): string {
  return createHash('sha256').update(JSON.stringify([server.host, server.port, server.security, server.user, server.password, server.accessToken, server.trusted, server.unverified])).digest('base64url');
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The installation's own server as SMTP_URL names it. TLS is demanded except towards this machine; `?ignoreTLS=true` is the operator's own decision. */
export function serverOfUrl(url: string): SmtpServer {
  const given = new URL(url);
  const isTls = given.protocol === 'smtps:';
  const plain = given.searchParams.has('ignoreTLS') || LOOPBACK.test(given.hostname);
  const user = decodeURIComponent(given.username);
  return {
    host: given.hostname.replace(/^\[|\]$/g, ''), port: Number(given.port) || (isTls ? 465 : 587), security: isTls ? 'tls' : plain ? 'none' : 'starttls', trusted: true,
    ...(user && { user, password: decodeURIComponent(given.password) }),
  };
}
