import { randomInt } from 'node:crypto';

/** The team of the example food bank. The first is its administrator. */
export const TEAM = [
  { name: 'Maya Lindqvist', email: 'maya@demo.porchlight.example', role: 1, locale: 'en', signature: 'Maya · Harbour Food Bank' },
  { name: 'Samuel Osei', email: 'samuel@demo.porchlight.example', role: 0, locale: 'en', signature: 'Samuel, volunteer' },
  { name: 'Rosa Delgado', email: 'rosa@demo.porchlight.example', role: 0, locale: 'es', signature: 'Rosa' },
  { name: 'Karim Haddad', email: 'karim@demo.porchlight.example', role: 0, locale: 'ar', signature: 'Karim' },
  { name: 'Ingrid Vogel', email: 'ingrid@demo.porchlight.example', role: 0, locale: 'de', signature: 'Ingrid' },
] as const;

export const LABELS: Record<string, { color: string; description: string }> = {
  'food-parcel': { color: '#d97706', description: 'Asks for a parcel' }, delivery: { color: '#2563eb', description: 'Somebody has to drive' },
  volunteering: { color: '#16a34a', description: 'Wants to help, or cannot come' }, donation: { color: '#7c3aed', description: 'Food or money' },
  receipt: { color: '#a78bfa', description: 'Needs a donation receipt' }, 'opening-hours': { color: '#78716c', description: 'When and where' },
  urgent: { color: '#dc2626', description: 'Today' }, school: { color: '#0891b2', description: 'Breakfast at schools' }, diet: { color: '#65a30d', description: 'Allergies, halal, vegetarian' },
  complaint: { color: '#ea580c', description: 'Something went wrong' }, partners: { color: '#0d9488', description: 'Bakeries, shops, churches' }, photo: { color: '#be185d', description: 'Has a picture' },
};

const WORDS = ['lantern', 'harbour', 'bread', 'candle', 'orchard', 'kettle', 'ladder', 'meadow', 'pebble', 'willow', 'anchor', 'basket', 'copper', 'garden', 'pepper', 'violet'];

/** A password a person can type, different in every demo: an example must not be a back door. */
export const demoPassword = (): string => `${Array.from({ length: 4 }, () => WORDS[randomInt(WORDS.length)]).join('-')}-${randomInt(100, 1000)}`;
