import { Problem } from '../../platform/http/problem.js';
import { INTERACTIVE, isInteractive } from '../../channels/contract/interactive-items.js';

/** The attributes of a message whose items are fit to be shown. Throws a Problem that names the place, like `content_attributes.items[0].actions[0].uri`. */
export function checkedAttributes(contentType: string, attributes: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (!isInteractive(contentType)) return attributes;
  const checked = INTERACTIVE[contentType].safeParse({ ...attributes, items: attributes?.['items'] ?? [] });
  if (checked.success) return checked.data;
  const places = checked.error.issues.map(({ path, message }) => ({ place: placeOf(path), message }));
  const message = places.map((one) => `${one.place}: ${one.message}`).join(', ');
  throw new Problem('invalid', message, { attributes: [...new Set(places.map(({ place }) => place))], body: { error: message } });
}

const placeOf = (path: PropertyKey[]): string => path.reduce<string>((place, step) => (typeof step === 'number' ? `${place}[${step}]` : `${place}.${String(step)}`), 'content_attributes');
