// The dashboard held against Grafana's own published types: names that it does not know, values of another kind, words that are none.
// Grafana itself is not asked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import test from "node:test";
import ts from "typescript";

const HERE = dirname(fileURLToPath(import.meta.url));
const FILE = new URL("../../../../conf/grafana/callcenter.json", import.meta.url);

/** What each kind of panel may be told. */
const PANELS = { timeseries: "TimeSeries", stat: "Stat", table: "Table" };

const raw = (kind, name) => `@grafana/schema/dist/esm/raw/composable/${kind}/panelcfg/x/${name}PanelCfg_types.gen`;

/** Types without enums: a file has their words and numbers. */
const PLAIN = `
type Plain<T> = T extends string ? \`\${T}\` : T extends number ? (\`\${T}\` extends \`\${infer N extends number}\` ? N : number)
  : T extends (infer Item)[] ? Plain<Item>[] : T extends object ? { [Name in keyof T]: Plain<T[Name]> } : T;
`;

function typeScript(dashboard) {
  const imports = Object.entries(PANELS).map(([kind, name]) => `import type * as ${name} from "${raw(kind, name)}";`);
  const json = (value) => JSON.stringify(value, null, 1);
  const panels = dashboard.panels.flatMap((panel, at) => {
    const name = PANELS[panel.type];
    if (!name) return [`export const row${at}: Plain<RowPanel> = ${json(panel)};`];
    const { custom, ...defaults } = panel.fieldConfig.defaults;
    return [
      `export const panel${at}: Plain<Panel> = ${json({ ...panel, fieldConfig: { ...panel.fieldConfig, defaults } })};`,
      `export const options${at}: Plain<Partial<${name}.Options>> = ${json(panel.options)};`,
      custom === undefined ? "" : `export const custom${at}: Plain<Partial<${name === "Stat" ? "never" : `${name}.FieldConfig`}>> = ${json(custom)};`,
    ];
  });
  return [
    'import type { Dashboard, Panel, RowPanel } from "@grafana/schema/dist/types/raw/dashboard/x/types.gen";',
    ...imports, PLAIN, ...panels,
    `export const whole: Plain<Omit<Dashboard, "panels">> = ${json({ ...dashboard, panels: undefined })};`,
  ].join("\n");
}

/** What the compiler says of this text, as lines. */
function complaints(text) {
  const file = join(HERE, "dashboard.check.ts");
  const options = { noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Node10, target: ts.ScriptTarget.ES2022, ignoreDeprecations: "5.0", types: [] };
  const host = ts.createCompilerHost(options);
  const [isThere, read, source] = [host.fileExists, host.readFile, host.getSourceFile];
  host.fileExists = (name) => name === file || isThere(name);
  host.readFile = (name) => (name === file ? text : read(name));
  host.getSourceFile = (name, ...more) => (name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : source(name, ...more));
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((wrong) => {
    const line = wrong.file ? wrong.file.getLineAndCharacterOfPosition(wrong.start).line : 0;
    const near = wrong.file === undefined ? "" : wrong.file.text.split("\n").slice(Math.max(0, line - 3), line + 1).join(" ");
    return `${ts.flattenDiagnosticMessageText(wrong.messageText, " ")} near ${near}`;
  });
}

test("the dashboard is what Grafana's types say of dashboards, panels and their options", () => {
  const dashboard = JSON.parse(readFileSync(FILE, "utf8"));
  assert.deepEqual(complaints(typeScript(dashboard)), []);
});

test("a name that Grafana does not know, and a word that is none, are found", () => {
  const dashboard = JSON.parse(readFileSync(FILE, "utf8"));
  const stat = dashboard.panels.find((panel) => panel.type === "stat");
  stat.options.colourMode = "background";
  assert.match(complaints(typeScript(dashboard)).join("\n"), /colourMode/);
  delete stat.options.colourMode;
  stat.fieldConfig.defaults.thresholds.mode = "relative";
  assert.match(complaints(typeScript(dashboard)).join("\n"), /relative/);
});
