import type { Config } from '../../../platform/config/config.js';

export const OAUTH_PROVIDERS = ['google', 'microsoft'] as const;
export type OauthProviderName = (typeof OAUTH_PROVIDERS)[number];

/** A company that gives out tokens for its mailboxes. */
export interface OauthProvider { clientId: string; clientSecret: string; authorizeUrl: string; tokenUrl: string; scope: string; extra: Record<string, string> }

const GOOGLE = { authorize: 'https://accounts.google.com/o/oauth2/v2/auth', token: 'https://oauth2.googleapis.com/token' };
const MICROSOFT = 'https://login.microsoftonline.com/common/oauth2/v2.0';

/** The provider, when the operator registered this installation with it. */
export function oauthProvider(name: OauthProviderName, config: Config): OauthProvider | undefined {
  if (name === 'google') {
    if (!config.GOOGLE_OAUTH_CLIENT_ID || !config.GOOGLE_OAUTH_CLIENT_SECRET) return undefined;
    const base = config.GOOGLE_OAUTH_URL;
    return {
      clientId: config.GOOGLE_OAUTH_CLIENT_ID, clientSecret: config.GOOGLE_OAUTH_CLIENT_SECRET,
      authorizeUrl: base ? `${base}/authorize` : GOOGLE.authorize, tokenUrl: base ? `${base}/token` : GOOGLE.token,
      // Without asking for consent again, Google gives no refresh token the second time.
      scope: 'https://mail.google.com/ email openid', extra: { access_type: 'offline', prompt: 'consent' },
    };
  }
  if (!config.AZURE_APP_ID || !config.AZURE_APP_SECRET) return undefined;
  const base = config.MICROSOFT_OAUTH_URL ?? MICROSOFT;
  return {
    clientId: config.AZURE_APP_ID, clientSecret: config.AZURE_APP_SECRET, authorizeUrl: `${base}/authorize`, tokenUrl: `${base}/token`,
    scope: 'offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send openid email', extra: { prompt: 'select_account' },
  };
}
