/**
 * Chatwoot's snippet on top of our loader: a site that moves to Porchlight changes the address in its snippet and nothing else.
 * Names and defaults are those of Chatwoot's SDK.
 */
type Call = [method: string, ...args: unknown[]];
interface Run { websiteToken: string; baseUrl: string }
interface Porchlight { isOpen?: boolean; push(...calls: Call[]): void }

const page = window as unknown as {
  chatwootSDK?: object; chatwootSettings?: Record<string, unknown>; $chatwoot?: object; porchlightSettings?: Record<string, unknown>; $porchlight?: Porchlight;
};

const methods = [
  'toggle', 'toggleBubbleVisibility', 'setUser', 'setCustomAttributes', 'deleteCustomAttribute', 'setConversationCustomAttributes', 'deleteConversationCustomAttribute',
  'setLabel', 'removeLabel', 'setLocale', 'setColorScheme', 'reset',
] as const;
const events = ['ready', 'opened', 'closed', 'on-message', 'on-start-conversation', 'postback', 'error'] as const;

/** Settings that the inbox makes here for every site, or that mean nothing here. */
const unheard = [
  'welcomeTitle', 'welcomeDescription', 'availableMessage', 'unavailableMessage', 'enableFileUpload', 'enableEmojiPicker', 'enableEndConversation', 'showPopoutButton', 'showUnreadMessagesDialog',
  'widgetStyle', 'baseDomain',
];

/** `window.chatwootSettings` in our loader's words. */
function settings({ websiteToken, baseUrl }: Run, given: Record<string, unknown>): Record<string, unknown> {
  return {
    websiteToken, baseUrl, position: given.position, locale: given.useBrowserLanguage ? undefined : given.locale, darkMode: given.darkMode ?? 'light',
    hideMessageBubble: given.hideMessageBubble, launcherTitle: given.type === 'expanded_bubble' ? given.launcherTitle : undefined,
  };
}

function run(options: Run): void {
  if (page.$chatwoot) return; // Pages of one application call it on every view.
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const given = page.chatwootSettings ?? {};
  const without = unheard.filter((name) => name in given);
  if (without.length > 0) console.info(`Porchlight: no effect of chatwootSettings ${without.join(', ')}; the inbox's settings hold.`);
  page.porchlightSettings = settings({ ...options, baseUrl }, given);
  const api: Porchlight = page.$porchlight ??= [] as Call[];
  let hasLoaded = false;

  page.$chatwoot = {
    ...given, baseUrl, websiteToken: options.websiteToken,
    get hasLoaded() { return hasLoaded; },
    get isOpen() { return page.$porchlight?.isOpen ?? false; },
    popoutChatWindow: () => window.open(`${baseUrl}/widget?website_token=${encodeURIComponent(options.websiteToken)}`, 'chat', 'width=400,height=600,noopener'),
    ...Object.fromEntries(methods.map((method) => [method, (...args: unknown[]) => (page.$porchlight ?? api).push([method, ...args])])),
  };
  for (const name of events) {
    window.addEventListener(`porchlight:${name}`, (event) => {
      if (name === 'ready') hasLoaded = true;
      const { detail } = event as CustomEvent<unknown>;
      window.dispatchEvent(new CustomEvent(`chatwoot:${name}`, { detail: name === 'postback' ? { event: name, data: detail } : detail }));
    });
  }

  const script = document.createElement('script');
  script.async = true;
  script.src = `${baseUrl}/widget.js`;
  script.dataset.websiteToken = options.websiteToken;
  document.head.append(script);
}

page.chatwootSDK = { run };
