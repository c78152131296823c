/** How to reach a mailbox. `ssl`: encrypted from the start, else STARTTLS. */
export interface MailServerHint { host: string; port: number; ssl: boolean }
export interface MailProvider {
  name: string;
  imap: MailServerHint;
  smtp: MailServerHint;
  oauth?: 'google' | 'microsoft';
  /** The mailbox's own password does not work for programs; a special one is made here. */
  appPasswordUrl?: string;
  /** IMAP has to be switched on there first. */
  switchOnUrl?: string;
  /** What its customers put into their SPF record. */
  spf?: string;
}

const at = (imapHost: string, smtpHost: string, smtpPort: 465 | 587 = 465): Pick<MailProvider, 'imap' | 'smtp'> =>
  ({ imap: { host: imapHost, port: 993, ssl: true }, smtp: { host: smtpHost, port: smtpPort, ssl: smtpPort === 465 } });

const GOOGLE: MailProvider = { name: 'Google', ...at('imap.gmail.com', 'smtp.gmail.com'), oauth: 'google', appPasswordUrl: 'https://myaccount.google.com/apppasswords', spf: '_spf.google.com' };
const MICROSOFT: MailProvider = { name: 'Microsoft', ...at('outlook.office365.com', 'smtp.office365.com', 587), oauth: 'microsoft', spf: 'spf.protection.outlook.com' };
const YAHOO: MailProvider = { name: 'Yahoo', ...at('imap.mail.yahoo.com', 'smtp.mail.yahoo.com'), appPasswordUrl: 'https://login.yahoo.com/account/security' };
const ICLOUD: MailProvider = { name: 'iCloud', ...at('imap.mail.me.com', 'smtp.mail.me.com', 587), appPasswordUrl: 'https://account.apple.com', spf: 'icloud.com' };
const FASTMAIL: MailProvider = { name: 'Fastmail', ...at('imap.fastmail.com', 'smtp.fastmail.com'), appPasswordUrl: 'https://app.fastmail.com/settings/security/apps', spf: 'spf.messagingengine.com' };
const ZOHO: MailProvider = { name: 'Zoho', ...at('imap.zoho.com', 'smtp.zoho.com'), appPasswordUrl: 'https://accounts.zoho.com/home#security/app_password', switchOnUrl: 'https://mail.zoho.com', spf: 'zohomail.com' };
const GMX: MailProvider = { name: 'GMX', ...at('imap.gmx.net', 'mail.gmx.net', 587), switchOnUrl: 'https://www.gmx.net' };
const WEB_DE: MailProvider = { name: 'WEB.DE', ...at('imap.web.de', 'smtp.web.de', 587), switchOnUrl: 'https://web.de' };
const YANDEX: MailProvider = { name: 'Yandex', ...at('imap.yandex.com', 'smtp.yandex.com'), appPasswordUrl: 'https://id.yandex.com/security/app-passwords', spf: '_spf.yandex.net' };
const IONOS: MailProvider = { name: 'IONOS', ...at('imap.ionos.de', 'smtp.ionos.de'), spf: '_spf-eu.ionos.com' };
const OVH: MailProvider = { name: 'OVH', ...at('ssl0.ovh.net', 'ssl0.ovh.net'), spf: 'mx.ovh.com' };
const GANDI: MailProvider = { name: 'Gandi', ...at('mail.gandi.net', 'mail.gandi.net'), spf: '_mailcust.gandi.net' };
const INFOMANIAK: MailProvider = { name: 'Infomaniak', ...at('mail.infomaniak.com', 'mail.infomaniak.com'), spf: 'spf.infomaniak.ch' };
const STRATO: MailProvider = { name: 'STRATO', ...at('imap.strato.de', 'smtp.strato.de'), spf: '_spf.strato.com' };
const MAILBOX_ORG: MailProvider = { name: 'mailbox.org', ...at('imap.mailbox.org', 'smtp.mailbox.org'), spf: 'mailbox.org' };
const HOSTINGER: MailProvider = { name: 'Hostinger', ...at('imap.hostinger.com', 'smtp.hostinger.com'), spf: '_spf.mail.hostinger.com' };
const NAMECHEAP: MailProvider = { name: 'Private Email', ...at('mail.privateemail.com', 'mail.privateemail.com'), spf: 'spf.privateemail.com' };
const RACKSPACE: MailProvider = { name: 'Rackspace', ...at('secure.emailsrvr.com', 'secure.emailsrvr.com'), spf: 'emailsrvr.com' };

const BY_DOMAIN: [RegExp, MailProvider][] = [
  [/^(gmail|googlemail)\.com$/, GOOGLE], [/^(outlook|hotmail|live|msn)\.[a-z.]+$/, MICROSOFT], [/^(yahoo|ymail|rocketmail)\.[a-z.]+$/, YAHOO], [/^(icloud|me|mac)\.com$/, ICLOUD],
  [/^fastmail\.(com|fm|org|net)$/, FASTMAIL], [/^zoho(mail)?\.com$/, ZOHO], [/^gmx\.[a-z.]+$/, GMX], [/^web\.de$/, WEB_DE], [/^(yandex\.[a-z.]+|ya\.ru)$/, YANDEX],
  [/^aol\.com$/, { name: 'AOL', ...at('imap.aol.com', 'smtp.aol.com'), appPasswordUrl: 'https://login.aol.com/account/security' }],
  [/^t-online\.de$/, { name: 'Telekom', ...at('secureimap.t-online.de', 'securesmtp.t-online.de') }], [/^posteo\.[a-z]+$/, { name: 'Posteo', ...at('posteo.de', 'posteo.de') }], [/^mailbox\.org$/, MAILBOX_ORG],
  [/^orange\.fr$/, { name: 'Orange', ...at('imap.orange.fr', 'smtp.orange.fr') }], [/^free\.fr$/, { name: 'Free', ...at('imap.free.fr', 'smtp.free.fr') }],
  [/^laposte\.net$/, { name: 'La Poste', ...at('imap.laposte.net', 'smtp.laposte.net') }], [/^libero\.it$/, { name: 'Libero', ...at('imapmail.libero.it', 'smtp.libero.it') }],
];
const BY_MX: [RegExp, MailProvider][] = [
  [/(^|\.)(google|googlemail)\.com$/, GOOGLE], [/(^|\.)(outlook\.com|mx\.microsoft)$/, MICROSOFT], [/(^|\.)messagingengine\.com$/, FASTMAIL], [/(^|\.)zoho(mail)?\.(com|eu|in)$/, ZOHO],
  [/(^|\.)mail\.icloud\.com$/, ICLOUD], [/(^|\.)yandex\.(net|ru|com)$/, YANDEX], [/(^|\.)(kundenserver\.de|ionos\.[a-z.]+|1and1\.[a-z.]+)$/, IONOS], [/(^|\.)(mail\.)?ovh\.(net|ca)$/, OVH], [/(^|\.)gandi\.net$/, GANDI],
  [/(^|\.)infomaniak\.(ch|com)$/, INFOMANIAK], [/(^|\.)(rzone|strato)\.de$/, STRATO], [/(^|\.)mailbox\.org$/, MAILBOX_ORG], [/(^|\.)hostinger\.(com|io)$/, HOSTINGER], [/(^|\.)(privateemail|registrar-servers)\.com$/, NAMECHEAP],
  [/(^|\.)emailsrvr\.com$/, RACKSPACE],
];

const found = (table: [RegExp, MailProvider][], name: string): MailProvider | undefined => table.find(([pattern]) => pattern.test(name))?.[1];

/** The provider of a domain that everybody knows. */
export const providerOfDomain = (domain: string): MailProvider | undefined => found(BY_DOMAIN, domain.toLowerCase());
/** The provider behind a domain of one's own, by who takes its mail. */
export const providerOfMx = (hosts: readonly string[]): MailProvider | undefined => hosts.map((host) => found(BY_MX, host.toLowerCase().replace(/\.$/, ''))).find((provider) => provider !== undefined);
