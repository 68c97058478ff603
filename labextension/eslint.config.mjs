import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib/**', 'node_modules/**', 'src/wire.ts', '*.js', '*.mjs'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      '@typescript-eslint/no-namespace': 'off', // as JupyterLab groups ids
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text of models and data is never HTML: make nodes.' },
        { property: 'outerHTML', message: 'Text of models and data is never HTML: make nodes.' },
        { property: 'insertAdjacentHTML', message: 'Text of models and data is never HTML: make nodes.' }
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text of models and data is never HTML: make nodes.'
        }
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      curly: 'error'
    }
  }
);
