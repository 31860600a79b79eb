// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_STYLE_H_
#define VIOS_PROXY_PROXY_STATUS_STYLE_H_

namespace vios {

// How the status page looks, by day and by night.
inline constexpr char kStatusStyle[] = R"css(
:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff;
  --text: #1d2430; --dim: #667085; --line: #e3e6eb; --good: #12805c;
  --busy: #1f6feb; --odd: #b54708; --bad: #c4320a; }
@media (prefers-color-scheme: dark) { :root { --page: #12151a;
  --card: #1b2027; --text: #e6e9ee; --dim: #98a2b3; --line: #2c333d;
  --good: #4cc38a; --busy: #6cb0ff; --odd: #f5a94c; --bad: #ff8a70; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 28px 24px 48px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; }
h1 { font-size: 24px; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 16px; margin: 30px 0 10px; }
.dim, small { color: var(--dim); } small { font-size: 13px; }
.why { margin: 4px 0 0; } .why:not(.odd) { color: var(--dim); }
.card { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; overflow-x: auto; }
.tiles { display: grid; gap: 12px; margin-top: 20px;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
.tile { padding: 12px 16px; } .tile b { display: block; font-size: 22px;
  font-weight: 600; font-variant-numeric: tabular-nums; }
.tile span { color: var(--dim); font-size: 13px; }
table { border-collapse: collapse; width: 100%;
  font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--dim);
  white-space: nowrap; }
th, td { padding: 9px 14px; border-bottom: 1px solid var(--line);
  vertical-align: top; }
tr:last-child td { border-bottom: 0; }
.n { text-align: right; white-space: nowrap; }
.wrap { overflow-wrap: anywhere; min-width: 120px; max-width: 320px; }
.pill { display: inline-block; border-radius: 99px; padding: 1px 10px;
  font-size: 13px; font-weight: 600; white-space: nowrap;
  border: 1px solid currentColor; }
.good { color: var(--good); } .busy { color: var(--busy); }
.odd { color: var(--odd); } .bad { color: var(--bad); }
.two { display: grid; gap: 0 24px;
  grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
code { font: 13px ui-monospace, "Liberation Mono", monospace; }
footer { margin-top: 28px; color: var(--dim); font-size: 13px; }
footer a { color: inherit; }
)css";

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_STYLE_H_
