const NUMBERED = /^(.*?)(?:-(\d+))?(\.[^.]*)?$/;

/** Files under names that none of the others has: every pasted picture is called image.png. */
export function withOwnNames(files: readonly File[], taken: readonly string[]): File[] {
  const names = new Set(taken);
  return files.map((file) => {
    const name = freeName(file.name, names);
    names.add(name);
    return name === file.name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified });
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const [, base = name, , extension = ''] = NUMBERED.exec(name) ?? [];
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}${extension}`)) return `${base}-${n}${extension}`;
}

/** A picture of the message as its text names it: it stands there instead of under the text. */
export const pictureMark = (name: string): string => `![](cid:${encodeURIComponent(name).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;

/** Whether the text shows the picture of that name. */
export const shows = (content: string | null | undefined, name: string | null | undefined): boolean => Boolean(content && name && content.includes(pictureMark(name).slice(3)));
