// Writes src/wire.ts from ../schema/Page.json: the types of everything that crosses the wire.
// With --check it only looks whether that has been done.
import { readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';

const schema = JSON.parse(await readFile('../schema/Page.json', 'utf-8'));

/** What the compiler would make clumsy: titles become types, a reference with a default another type. */
function plain(node) {
  if (Array.isArray(node)) {
    return node.map(plain);
  }
  if (node === null || typeof node !== 'object') {
    return node;
  }
  if ('$ref' in node) {
    return { $ref: node.$ref };
  }
  const kept = Object.entries(node).filter(([key, value]) => key !== 'title' || typeof value !== 'string');
  const made = Object.fromEntries(kept.map(([key, value]) => [key, plain(value)]));
  const fixed = Object.keys(made.properties ?? {}).filter(key => 'const' in made.properties[key]);
  return fixed.length ? { ...made, required: [...new Set([...(made.required ?? []), ...fixed])] } : made;
}

const text = await compile({ ...plain(schema), title: 'Page', type: 'object' }, 'Page', {
  additionalProperties: false,
  bannerComment: '// Made from ../schema/Page.json by `jlpm wire`. Do not edit.',
  maxItems: -1,
  style: { singleQuote: true, trailingComma: 'none', arrowParens: 'avoid', printWidth: 100 },
  unknownAny: true,
  unreachableDefinitions: true
});
const clean = text
  .replace(/This interface was referenced by[\s\S]*?via the `definition` "[^"]*"\./g, '')
  .replace(/(\n \*\s*)+\n \*\//g, '\n */')
  .replace(/\/\*\*\n \*\/\n/g, '')
  .replace('export interface Page {}\n', '');
if (process.argv.includes('--check')) {
  if ((await readFile('src/wire.ts', 'utf-8')) !== clean) {
    console.error('src/wire.ts is not what ../schema/Page.json says. Run: make schema');
    process.exit(1);
  }
} else {
  await writeFile('src/wire.ts', clean);
}
