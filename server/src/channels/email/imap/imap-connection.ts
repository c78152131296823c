import type { ImapFlow } from 'imapflow';
import type { ChannelInbox } from '../../contract/channel.js';
import { AddressRefused, type AddressGuard } from '../../../platform/outbound-http/address-guard.js';
import type { MailAccessTokens } from '../accounts/mail-access-tokens.service.js';
import { imapProblem, isPassing, type ImapError, type Problem } from '../accounts/mail-problem.js';
import { emailConfig } from '../email.config.js';

const PORTS = [143, 993];
/** Servers end an idle connection after half an hour at the earliest; many networks do so sooner. */
const IDLE_MS = 9 * 60_000;

/** What is known of a failure beside the sentence: the kind of it, and the server's own words. */
export interface MailboxTrouble { problem: Problem | null; said: string | null }

/** The mailbox cannot be opened; the message is for the administrator. */
export class MailboxUnreachable extends Error {
  constructor(message: string, /** Only a person can help: a wrong password, a permission withdrawn. */ readonly permanent: boolean, readonly trouble: MailboxTrouble = { problem: null, said: null }, /** By connecting the mailbox again. */ readonly ended = false) {
    super(message);
  }
}

/** Opens the mailbox of an inbox, signed in. Throws MailboxUnreachable. */
export async function openMailbox(inbox: ChannelInbox, guard: AddressGuard, tokens: MailAccessTokens): Promise<ImapFlow> {
  const settings = emailConfig(inbox.config);
  if (!settings.imap_address) throw new MailboxUnreachable('The inbox has no server for receiving.', true);
  if (settings.imap_authentication !== 'xoauth2') return connect(inbox, settings.imap_address, guard);
  const token = await tokenOf(inbox, tokens);
  try {
    return await connect(inbox, settings.imap_address, guard, token);
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    // A token may end before its time: then the server is asked with a new one.
    return connect(inbox, settings.imap_address, guard, await tokenOf(inbox, tokens, token));
  }
}

/** The server was asked and did not let us in. */
class SignInRefused extends MailboxUnreachable {}

async function tokenOf(inbox: ChannelInbox, tokens: MailAccessTokens, refused?: string): Promise<string> {
  const found = await tokens.of(inbox, refused);
  if ('token' in found) return found.token;
  throw new MailboxUnreachable(found.reason, found.permanent, undefined, found.ended);
}

async function connect(inbox: ChannelInbox, name: string, guard: AddressGuard, accessToken?: string): Promise<ImapFlow> {
  const settings = emailConfig(inbox.config);
  const user = settings.imap_login || settings.email;
  const host = await addressOf(name, settings.imap_port, guard);
  // Loaded on first use: a process that opens no mailbox does not carry it.
  const { ImapFlow: Client } = await import('imapflow');
  const client = new Client({
    host, port: settings.imap_port, servername: name, secure: settings.imap_enable_ssl, logger: false, disableAutoIdle: true, maxIdleTime: IDLE_MS,
    connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 15 * 60_000,
    // A password never travels in the clear, except to a server that the operator named.
    ...(!settings.imap_enable_ssl && !guard.isNamed(name) && { doSTARTTLS: true }),
    auth: accessToken !== undefined ? { user, accessToken } : { user, pass: inbox.secrets['imap_password'] ?? '', ...(settings.imap_authentication === 'login' && { loginMethod: 'LOGIN' as const }) },
  });
  // Whoever waits hears of it by `close`; without a listener the process would end.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    const said = error as ImapError;
    if (said.authenticationFailed !== true || isPassing(said)) throw new MailboxUnreachable(inWords(said), false, troubleOf(said, name));
    throw new SignInRefused(accessToken === undefined ? inWords(said) : `The server did not accept the sign-in that the provider permitted. Connect the mailbox again in the settings of the inbox.${itSaid(said)}`, true, accessToken === undefined ? troubleOf(said, name) : undefined);
  }
}

async function addressOf(name: string, port: number, guard: AddressGuard): Promise<string> {
  try {
    return (await guard.resolveService(name, port, PORTS))[0]!.address;
  } catch (error) {
    if (error instanceof AddressRefused) throw new MailboxUnreachable(error.message, true, { problem: 'address', said: null });
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
    throw new MailboxUnreachable(isUnknown ? 'There is no server of that name.' : 'The name of the server could not be looked up.', false, { problem: isUnknown ? 'not_found' : 'unreachable', said: null });
  }
}

const itSaid = (error: ImapError): string => (error.responseText ? ` It said: ${error.responseText.slice(0, 200)}` : '');

/** The kind of what went wrong with the server of that name. */
export const troubleOf = (error: ImapError, host: string): MailboxTrouble => ({ problem: imapProblem(error, host), said: error.responseText?.slice(0, 300) ?? null });

/** What went wrong, in words that help. */
export function inWords(error: ImapError): string {
  const said = itSaid(error);
  if (error.authenticationFailed && isPassing(error)) return `The server lets nobody in just now.${said}`;
  if (error.authenticationFailed && imapProblem(error, '') === 'switched_off') return `IMAP is switched off there.${said}`;
  if (error.authenticationFailed) return `The server did not accept the name or the password.${said}`;
  switch (error.code ?? '') {
    case 'ECONNREFUSED': return 'The server refused the connection. Is the port right, and IMAP switched on?';
    case 'ETIMEDOUT': case 'CONNECT_TIMEOUT': case 'GREETING_TIMEOUT': case 'UPGRADE_TIMEOUT': case 'EHOSTUNREACH': return 'The server did not answer in time.';
    case 'ECONNRESET': case 'EPIPE': case 'NoConnection': return 'The server closed the connection.';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT': case 'SELF_SIGNED_CERT_IN_CHAIN': case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE': return 'The server\'s certificate is not signed by anybody known.';
    case 'CERT_HAS_EXPIRED': return 'The server\'s certificate has expired.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID': return 'The server\'s certificate is for another name.';
    default: return error.message.includes('wrong version number') ? 'The server does not speak TLS on this port.' : `The mailbox could not be read: ${error.message.slice(0, 200)}${said}`;
  }
}
