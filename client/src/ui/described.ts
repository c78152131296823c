/** The `aria-describedby` of a control inside a FieldFrame: its error first, then its hint. */
export function describedBy(id: string, error?: string, hint?: string): string | undefined {
  const ids = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean);
  return ids.length ? ids.join(' ') : undefined;
}
