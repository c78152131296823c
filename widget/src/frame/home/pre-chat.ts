import type { PreChatField, WireContact } from '../api/wire';
import type { Introduction } from '../outbox/queue';

/** Why an answer is refused; each has its sentence in the locales. */
export type Flaw = 'fillIn' | 'badEmail' | 'badPhone' | 'badLink' | 'badNumber' | 'badPattern';

const standard: Record<string, 'email' | 'name' | 'phone_number'> = { emailAddress: 'email', fullName: 'name', phoneNumber: 'phone_number' };

/** The enabled questions whose answer is not known yet. */
export function questionsFor(fields: readonly PreChatField[], contact: WireContact): PreChatField[] {
  const known = (field: PreChatField): boolean => {
    const fact = field.field_type === 'standard' ? standard[field.name] : undefined;
    return fact !== undefined && Boolean(contact[fact] || contact[`has_${fact}`]);
  };
  return fields.filter((field) => field.enabled !== false && !known(field));
}

function pattern(source: string): RegExp | null {
  const delimited = /^\/(.*)\/([a-z]*)$/s.exec(source);
  try {
    return delimited ? new RegExp(delimited[1]!, delimited[2]!.replace(/[gy]/g, '')) : new RegExp(source);
  } catch {
    return null; // An unusable pattern must not lock visitors out.
  }
}

/** Checks one answer; null when it is fine. */
export function flawOf(field: PreChatField, value: string | boolean | undefined): Flaw | null {
  const text = typeof value === 'string' ? value.trim() : '';
  if (!text) return field.required && value !== true ? 'fillIn' : null;
  if ((field.type === 'email' || field.name === 'emailAddress') && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return 'badEmail';
  if (field.name === 'phoneNumber' && field.field_type === 'standard' && !/^\+[1-9]\d{6,14}$/.test(text.replace(/[\s().-]/g, ''))) return 'badPhone';
  if ((field.type === 'link' || field.type === 'url') && !/^https?:\/\/\S+\.\S+$/i.test(text)) return 'badLink';
  if ((field.type === 'number' || field.type === 'currency' || field.type === 'percent') && field.field_type !== 'standard' && Number.isNaN(Number(text))) return 'badNumber';
  if (field.regex_pattern && pattern(field.regex_pattern)?.test(text) === false) return 'badPattern';
  return null;
}

/** Sorts answers into what belongs to the person and what belongs to the conversation. Empty answers are left out. */
export function introductionFrom(fields: readonly PreChatField[], answers: Record<string, string | boolean | undefined>): Introduction {
  const contact: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  const conversation: Record<string, unknown> = {};
  for (const field of fields) {
    const answer = answers[field.name];
    const value = typeof answer === 'string' ? answer.trim() : answer;
    if (value === undefined || value === '') continue;
    if (field.field_type === 'standard' && field.name in standard) {
      contact[standard[field.name]!] = field.name === 'phoneNumber' ? String(value).replace(/[\s().-]/g, '') : value;
    } else {
      (field.field_type === 'conversation_attribute' ? conversation : custom)[field.name] = field.type === 'number' ? Number(value) : value;
    }
  }
  if (Object.keys(custom).length) contact.custom_attributes = custom;
  return { contact, conversation };
}
