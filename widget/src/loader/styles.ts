/** Screens on which the chat takes all the room. */
export const fullScreen = '(max-width:480px),(max-height:420px)';

/** Everything in the shadow root starts from `all: initial`, so no host rule and no inherited value reaches it. */
export const css = `
:host{all:initial!important}
*{box-sizing:border-box}
[hidden]{display:none!important}
.launcher{all:unset;box-sizing:border-box;position:fixed;z-index:2147483001;bottom:20px;min-width:56px;height:56px;border-radius:28px;
display:flex;align-items:center;justify-content:center;gap:10px;cursor:pointer;background:var(--brand);color:var(--on-brand);
box-shadow:0 4px 16px rgba(28,25,23,.24);font:600 15px/1 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;transition:transform .12s ease-out;
-webkit-tap-highlight-color:transparent}
.launcher:hover{transform:scale(1.04)}
.launcher:focus-visible{outline:3px solid var(--on-brand);outline-offset:-6px;box-shadow:0 0 0 3px var(--brand),0 0 0 5px #fff,0 0 0 7px #1c1917}
.launcher.wide{padding:0 20px}
.launcher svg{width:26px;height:26px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.badge{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#b91c1c;color:#fff;
border:2px solid #fff;font:700 12px/18px system-ui,sans-serif;text-align:center;font-variant-numeric:tabular-nums}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.panel{all:unset;position:fixed;z-index:2147483000;bottom:92px;width:384px;height:640px;max-width:calc(100vw - 40px);max-height:calc(100vh - 112px);
border-radius:16px;overflow:hidden;background:#fff;box-shadow:0 12px 40px rgba(28,25,23,.28);opacity:1;transition:opacity .12s ease-out,transform .12s ease-out;color-scheme:light}
.panel.dark{background:#1c1917}
.panel.closed{visibility:hidden;opacity:0;transform:translateY(8px);pointer-events:none}
.right{right:20px}.left{left:20px}
iframe{all:unset;display:block;width:100%;height:100%;border:0}
@media ${fullScreen}{.panel{inset:0;width:100%;height:100%;height:100dvh;max-width:none;max-height:none;border-radius:0}.open .launcher{display:none}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{.launcher,.panel{display:none}}
@media (forced-colors:active){.launcher{border:2px solid ButtonText}}
`;
