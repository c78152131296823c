import { z } from 'zod';

/** How things are named in public addresses. */
export const slugText = z.string().trim().toLowerCase().min(1, 'cannot be empty').max(120).regex(/^[\p{L}\p{N}]+([-_][\p{L}\p{N}]+)*$/u, 'may have letters, digits, - and _');

/** A name for the address, made from a title. */
export function slugOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80).replace(/^-+|-+$/g, '');
  return plain || 'article';
}

/** The wanted name, or the first of its numbered ones that is free. */
export async function freeSlug(wanted: string, isTaken: (slug: string) => Promise<boolean>): Promise<string> {
  let slug = wanted;
  for (let n = 2; await isTaken(slug); n += 1) slug = `${wanted}-${n}`;
  return slug;
}
