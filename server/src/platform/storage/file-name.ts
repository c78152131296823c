const MAX = 200;

/** A name that is safe to store, show and put into a header: no folders, control or direction-changing characters, at most 200 characters with its ending kept. */
export function safeFileName(given: string | undefined): string {
  const name = (given ?? '').toWellFormed().replace(/^.*[\\/]/, '')
    // U+202E and its like make "exe.gpj" read as "jpg.exe" backwards.
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').replace(/\s+/g, ' ').trim().replace(/^\.+/, '');
  if (name === '') return 'file';
  if (name.length <= MAX) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  return (name.slice(0, MAX - ending.length) + ending).toWellFormed();
}

/** The value of a Content-Disposition header. */
export function contentDisposition(how: 'inline' | 'attachment', fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${how}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
