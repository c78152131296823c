import type { SmtpFailure, SmtpStage } from './smtp-server.js';

/** What nodemailer's SMTP connection throws. */
export interface SmtpError extends Error { code?: string; originalCode?: string; command?: string; responseCode?: number; response?: string }

const QUOTED = 300;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;
const CONNECTION: Record<string, string> = {
  ECONNREFUSED: 'The server refused the connection.', ENOTFOUND: 'There is no server of that name.', EAI_AGAIN: 'The name of the server could not be looked up.',
  EHOSTUNREACH: 'The server cannot be reached.', ENETUNREACH: 'The server cannot be reached.', ECONNRESET: 'The server broke off the connection.', ETIMEDOUT: 'The server did not answer in time.',
};
const CERTIFICATES: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it has expired', ERR_TLS_CERT_ALTNAME_INVALID: 'it belongs to another name', DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by nobody known',
  SELF_SIGNED_CERT_IN_CHAIN: 'it is signed by nobody known', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'a certificate between is missing', UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is signed by nobody known',
};

/** The server's own words, in one line that can be stored and shown. */
export const said = (response: string | undefined): string =>
  (response ?? '').replace(/^\d{3}[ -]/gm, '').replace(/[\u0000-\u001f\u007f\s]+/g, ' ').trim().slice(0, QUOTED).toWellFormed();

/** What went wrong before the server could have taken the mail. */
export function failureOf(error: SmtpError, stage: SmtpStage): SmtpFailure {
  const code = error.responseCode;
  const at = stageOf(error, stage);
  const cause = error.originalCode ?? error.code ?? '';
  if (at === 'tls') {
    if (CERTIFICATE.test(cause) || CERTIFICATE.test(error.message)) return { stage: 'tls', permanent: true, reason: `The server's certificate is not valid: ${CERTIFICATES[cause] ?? error.message}.` };
    return { stage: 'tls', permanent: /STARTTLS|wrong version/i.test(error.message), reason: 'No secure connection came about. The port or the kind of encryption may be wrong.' };
  }
  if (code === undefined) return { stage: at, permanent: false, reason: CONNECTION[cause] ?? (at === 'connect' ? 'The server broke off the connection.' : `The server broke off the connection: ${said(error.message)}`) };
  // 530 and 535 name a wrong password, but some providers answer so while they throttle: whoever reads it decides.
  const permanent = code >= 500;
  return { stage: at, permanent, code, reason: said(error.response) || `The server answered ${code}.` };
}

function stageOf(error: SmtpError, stage: SmtpStage): SmtpStage {
  if (error.code === 'ETLS' || CERTIFICATE.test(error.originalCode ?? '') || /wrong version number|Error initiating TLS|does not support required STARTTLS/i.test(error.message)) return 'tls';
  if (error.code === 'EAUTH') return 'sign_in';
  if (error.command === 'MAIL FROM' && error.code === 'EENVELOPE') return 'sender';
  if (error.command === 'RCPT TO') return 'recipient';
  if (error.command === 'DATA' || error.code === 'EMESSAGE') return 'message';
  return stage;
}
