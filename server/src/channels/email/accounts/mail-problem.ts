import type { SmtpFailure } from '../../../platform/smtp/smtp-server.js';

/** What keeps a mailbox from being used, for words in the reader's language. */
export const PROBLEMS = ['address', 'not_found', 'unreachable', 'tls', 'certificate', 'password', 'app_password', 'switched_off', 'oauth_only', 'sender', 'busy', 'other'] as const;
export type Problem = (typeof PROBLEMS)[number];

/** An error as imapflow throws it. */
export type ImapError = Error & { code?: string; authenticationFailed?: boolean; responseText?: string; serverResponseCode?: string };

const APP_PASSWORD = /app(lication)?[- ]?(specific )?password|ASPSWD|InvalidSecondFactor|two-factor/i;
const SWITCHED_OFF = /imap[^.]{0,40}(disabled|not enabled|turned off|deactivated|not allowed)|not enabled for imap|enable imap/i;
const BASIC_OFF = /basicauth|basic authentication|AuthenticationDisabled|SmtpClientAuthentication is disabled/i;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

const PASSING = /too many|try again|temporar/i;
/** Servers that are busy refuse a sign-in as well; that says nothing of the password. */
export const isPassing = (error: ImapError): boolean => ['UNAVAILABLE', 'INUSE', 'LIMIT', 'OVERQUOTA'].includes(error.serverResponseCode ?? '') || PASSING.test(error.responseText ?? '');

/** Why an IMAP server could not be used. */
export function imapProblem(error: ImapError, host: string): Problem {
  const said = error.responseText ?? error.message;
  if (CERTIFICATE.test(error.code ?? '') || /certificate/i.test(error.message)) return 'certificate';
  if (error.authenticationFailed && isPassing(error)) return 'busy';
  if (error.authenticationFailed || error.serverResponseCode === 'AUTHENTICATIONFAILED') return refusedSignIn(`${said} ${error.serverResponseCode ?? ''}`, host);
  if (SWITCHED_OFF.test(said)) return 'switched_off';
  if (/ssl|tls|wrong version|EPROTO/i.test(`${error.code} ${error.message}`)) return 'tls';
  return error.code && /^E|timeout|NoConnection/i.test(error.code) ? 'unreachable' : 'other';
}

/** Why an SMTP server could not be used. */
export function smtpProblem({ stage, reason }: Pick<SmtpFailure, 'stage' | 'reason'>, host: string): Problem {
  switch (stage) {
    case 'address': return 'address';
    case 'connect': return reason.startsWith('There is no server') ? 'not_found' : 'unreachable';
    case 'tls': return reason.includes('certificate') ? 'certificate' : 'tls';
    case 'sign_in': return refusedSignIn(reason, host);
    case 'sender': return 'sender';
    case 'recipient': case 'message': return 'other';
  }
}

/** Providers say in their own ways that it is not the password which is wrong. */
function refusedSignIn(said: string, host: string): Problem {
  if (APP_PASSWORD.test(said)) return 'app_password';
  if (SWITCHED_OFF.test(said)) return 'switched_off';
  if (BASIC_OFF.test(said) || /(^|\.)office365\.com$|(^|\.)outlook\.com$/.test(host)) return 'oauth_only';
  return /(^|\.)(gmail|googlemail|mail\.yahoo|mail\.me|fastmail|aol)\.com$/.test(host) ? 'app_password' : 'password';
}
