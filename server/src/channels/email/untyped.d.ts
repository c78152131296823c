/* Packages that bring no types; what we use of them. */
declare module 'libmime' {
  const libmime: {
    decodeWords(text: string): string;
    decodeFlowed(text: string, delSp: boolean): string;
    parseHeaderValue(text: string): { value: string; params: Record<string, string> };
    detectExtension(mimeType: string): string;
  };
  export default libmime;
}
declare module 'libmime/lib/charset.js' {
  const charset: { decode(bytes: Buffer, charset: string): string };
  export default charset;
}
declare module 'nodemailer/lib/addressparser/index.js' {
  export interface ParsedAddress { name: string; address?: string; group?: ParsedAddress[] }
  export default function addressparser(text: string): ParsedAddress[];
}
declare module 'mailauth' {
  type Resolver = (name: string, type: string) => Promise<unknown>;
  interface Status { result: string; aligned?: string | false; comment?: string }
  export interface AuthenticateResult {
    dkim: { results?: { signingDomain?: string; status: Status }[]; headerFrom?: string[] };
    spf: false | { domain?: string; status: Status };
    dmarc: false | undefined | { domain?: string; policy?: string; p?: string; status: Status };
  }
  export function authenticate(input: Buffer, options: {
    ip?: string; helo?: string; sender?: string; mta?: string; resolver?: Resolver; disableArc?: boolean; disableBimi?: boolean; trustReceived?: boolean;
  }): Promise<AuthenticateResult>;
}
declare module 'mailauth/lib/dkim/sign.js' {
  export function dkimSign(input: string | Buffer, options: { signatureData: { signingDomain: string; selector: string; privateKey: string }[] }): Promise<{ signatures: string }>;
}
