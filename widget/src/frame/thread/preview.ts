import type { WireMessage } from '../api/wire';
import { t } from '../i18n/i18n';
import { isOwn } from '../state';

/** Who speaks, as the visitor knows them. */
export function speaker(message: WireMessage): string {
  return isOwn(message) ? t('you') : message.sender?.available_name || message.sender?.name || t('team');
}

/** One line of a message: its text, that it is deleted, or that it is a file. */
export function preview(message: WireMessage): string {
  if (message.content_attributes?.deleted) return t('deleted');
  return `${speaker(message)}: ${message.content || t('file')}`;
}
