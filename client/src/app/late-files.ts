import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue';
import { showToast, toasts } from '../ui/toasts';
import { i18n } from './i18n';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the error says, in the words of any browser, that one of our own files could not be fetched. */
export const isMissingFile = (error: unknown): boolean => error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message);

/** Whether the server answers now. */
export const isReachable = (): Promise<boolean> => fetch('/health', { cache: 'no-store' }).then(() => true, () => false);

/**
 * A component whose file comes when it is first shown. Without a connection it comes as soon as there is one again; that a file is
 * gone for good, since the server was upgraded under an open tab, is told, and all that is open stays as it is.
 */
export const lazyComponent = <T extends Component>(loader: AsyncComponentLoader<T>): T => defineAsyncComponent({
  loader,
  onError: (error, retry, fail, attempts) => {
    if (isMissingFile(error)) void isWorthAnother(attempts).then((isWorth) => (isWorth ? retry() : fail()));
    else fail();
  },
});

async function isWorthAnother(attempts: number): Promise<boolean> {
  if (!await isReachable()) {
    await (answers ??= serverAnswers());
    return true;
  }
  if (attempts < 3) {
    await pause(attempts * 500);
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
