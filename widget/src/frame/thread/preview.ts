import type { WireMessage } from '../api/wire';
import { t } from '../i18n/i18n';
import { isOwn } from '../state';

/** Who speaks, as the visitor knows them. */
export function speaker(message: WireMessage): string {
  return isOwn(message) ? t('you') : message.sender?.available_name || message.sender?.name || t('team');
}

/** The words of a message without its Markdown; parsed in a document that loads and runs nothing. */
const words = (message: WireMessage): string =>
  (message.content_html ? new DOMParser().parseFromString(message.content_html, 'text/html').body.textContent : message.content)?.trim() || (message.content_attributes?.items as { title?: string }[] | undefined)?.[0]?.title || t('file');

/** One line of a message: its text, that it is deleted, or that it is a file. */
export function preview(message: WireMessage): string {
  if (message.content_attributes?.deleted) return t('deleted');
  return `${speaker(message)}: ${words(message)}`;
}
