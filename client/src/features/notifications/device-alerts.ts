import { reactive, watch } from 'vue';

const KEY = 'porchlight.alerts';

/** How this browser calls its person: kept on the device, since one may be in an open-plan office and the other at home. */
export const deviceAlerts = reactive({ browser: false, sound: false, ...stored() });
watch(deviceAlerts, (now) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // It holds until the page is closed.
  }
});

function stored(): Partial<{ browser: boolean; sound: boolean }> {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    return { browser: found['browser'] === true, sound: found['sound'] === true };
  } catch {
    return {};
  }
}

export type Permission = NotificationPermission | 'unsupported';
export const permission = (): Permission => ('Notification' in window ? Notification.permission : 'unsupported');
/** Asks the person; to be called from a click. */
export const askPermission = async (): Promise<Permission> => ('Notification' in window ? Notification.requestPermission() : 'unsupported');

/** Calls the person who looks elsewhere; a second tab with the same shows it once. */
export function showAlert(alert: { tag: string; title: string; body: string; open: () => void }): void {
  if (!deviceAlerts.browser || permission() !== 'granted' || (document.visibilityState === 'visible' && document.hasFocus())) return;
  const shown = new Notification(alert.title, { body: alert.body, tag: alert.tag, icon: `${import.meta.env.BASE_URL}porchlight.svg`, lang: document.documentElement.lang, dir: document.documentElement.dir as NotificationDirection });
  shown.onclick = () => {
    window.focus();
    alert.open();
    shown.close();
  };
}

/** Two short soft notes, made here: nothing to download. One tab plays for all. */
export function playSound(): void {
  const play = (): void => {
    const audio = new AudioContext();
    [660, 880].forEach((frequency, n) => {
      const [tone, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + n * 0.14];
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.32);
    });
    setTimeout(() => void audio.close(), 800);
  };
  if (!navigator.locks) return play();
  void navigator.locks.request('porchlight-sound', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    play();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
}
