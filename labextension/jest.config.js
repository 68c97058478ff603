// Packages that are written as modules of today become modules that jest can load.
const OURS = { tsconfig: 'tsconfig.test.json' };
const THEIRS = {
  tsconfig: { ...require('./tsconfig.test.json').compilerOptions, allowJs: true, target: 'ES2022' }
};

module.exports = {
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/src'],
  testRegex: '/__tests__/.*\\.spec\\.tsx?$',
  transform: { '^.+\\.tsx?$': ['ts-jest', OURS], '^.+\\.m?js$': ['ts-jest', THEIRS] },
  transformIgnorePatterns: ['/node_modules/(?!(lib0|yjs|@jupyter/ydoc|y-protocols)/)'],
  moduleNameMapper: { '^marked$': '<rootDir>/node_modules/marked/lib/marked.umd.js' },
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs']
};
