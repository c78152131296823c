import type { PreChatField } from '../../../api/types';

/** A field of the form while it is edited; `own` ones can be taken away. */
export interface EditableField extends PreChatField {
  placeholder: string;
  own: boolean;
}
const standard = [
  { name: 'emailAddress', type: 'email', label: 'settings.preChat.email' },
  { name: 'fullName', type: 'text', label: 'settings.preChat.fullName' },
  { name: 'phoneNumber', type: 'text', label: 'settings.preChat.phone' },
];

/** The stored fields in their order, and behind them those of the usual three that are not among them. */
export function preChatFields(stored: PreChatField[], t: (key: string) => string): EditableField[] {
  const isStandard = (name: string) => standard.some((field) => field.name === name);
  const missing = standard.filter((field) => !stored.some((other) => other.name === field.name));
  return [
    ...stored.map((field) => ({ ...field, placeholder: field.placeholder ?? '', own: !isStandard(field.name) })),
    ...missing.map((field) => ({ ...field, label: t(field.label), placeholder: '', field_type: 'standard', enabled: false, required: false, own: false })),
  ];
}
