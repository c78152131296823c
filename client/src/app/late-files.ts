import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue';
import { showToast, toasts } from '../ui/toasts';
import { i18n } from './i18n';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the error says, in the words of any browser, that one of our own files could not be fetched. */
export const isMissingFile = (error: unknown): boolean => error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);

/** Whether the server answers now. */
export const isReachable = (): Promise<boolean> => fetch('/health', { cache: 'no-store' }).then(() => true, () => false);

/**
 * One of our own files, fetched when it is first needed. Without a connection it comes as soon as there is one again; that it is gone
 * for good, since the server was upgraded under an open tab, is told and thrown.
 */
async function lateFile<T>(load: () => Promise<T>, attempt = 1): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissingFile(error) || !await isWorthAnother(attempt)) throw error;
    return lateFile(load, attempt + 1);
  }
}

/** A component whose file comes when it is first shown; if it does not, all that is open stays as it is. */
export const lazyComponent = <T extends Component>(load: AsyncComponentLoader<T>): T => defineAsyncComponent<T>(() => lateFile(load));

/** For `enterAccount`: follows an account from when the file with the code for it has come, unless the account is left before. */
export function followLate(load: () => Promise<(accountId: number) => () => void>): (accountId: number) => () => void {
  return (accountId) => {
    let isLeft = false;
    let leave = () => { isLeft = true; };
    lateFile(load).then((follow) => { if (!isLeft) leave = follow(accountId); }, (error: unknown) => { if (!isMissingFile(error)) throw error; });
    return () => leave();
  };
}

async function isWorthAnother(attempt: number): Promise<boolean> {
  if (!await isReachable()) {
    await (answers ??= serverAnswers());
    return true;
  }
  if (attempt < 3) {
    await pause(attempt * 500);
    return true;
  }
  const text = i18n.global.t('errors.newVersion');
  if (!toasts.some((toast) => toast.text === text)) showToast(text, { tone: 'failed', action: { label: i18n.global.t('errors.reload'), run: () => window.location.reload() } });
  return false;
}

let answers: Promise<void> | undefined;
async function serverAnswers(): Promise<void> {
  showToast(i18n.global.t('errors.offline'), { tone: 'failed' });
  while (!await isReachable()) await pause(3_000);
  answers = undefined;
}
