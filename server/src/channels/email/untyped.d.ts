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
