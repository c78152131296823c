/** Which browser and system a User-Agent header speaks of, for people to recognise their devices by. Undefined when it cannot be told. */
export interface DeviceName { browser: string | null; platform: string | null }

// Order matters: every browser also names the ones it descends from.
const BROWSERS: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'], [/OPR\/|Opera/, 'Opera'], [/SamsungBrowser\//, 'Samsung Internet'], [/Vivaldi\//, 'Vivaldi'], [/FxiOS\/|Firefox\//, 'Firefox'],
  [/CriOS\/|Chrome\/|Chromium\//, 'Chrome'], [/Version\/.*Safari\//, 'Safari'], [/okhttp\//, 'Android app'], [/CFNetwork\//, 'iOS app'], [/^curl\//, 'curl'],
];
const PLATFORMS: [RegExp, string][] = [
  [/iPhone|iPod/, 'iPhone'], [/iPad/, 'iPad'], [/Android|okhttp\//, 'Android'], [/CrOS/, 'ChromeOS'], [/Windows/, 'Windows'], [/Macintosh|Mac OS X|Darwin/, 'macOS'], [/Linux|X11/, 'Linux'],
];

const first = (rules: [RegExp, string][], text: string): string | null => rules.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export function deviceName(userAgent: string | null): DeviceName {
  return userAgent === null ? { browser: null, platform: null } : { browser: first(BROWSERS, userAgent), platform: first(PLATFORMS, userAgent) };
}
