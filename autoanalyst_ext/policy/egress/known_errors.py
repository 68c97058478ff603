"""Messages of errors that code in a notebook commonly meets, each with gaps (`{}`) for what varies.

The fixed words of these messages are the libraries' own and tell nothing about the data; `redaction`
decides what of a gap may be shown. A message that is not here is withheld, so a missing one costs the model
a hint and nobody their data.
"""

import re

_MESSAGES = """
name {} is not defined
name {} is not defined. Did you mean: {}?
cannot access local variable {} where it is not associated with a value
{} object has no attribute {}
{} object has no attribute {}. Did you mean: {}?
type object {} has no attribute {}
module {} has no attribute {}
partially initialized module {} has no attribute {}
No module named {}
cannot import name {} from {}
unsupported operand type(s) for {}: {} and {}
can only concatenate str (not {}) to str
can only concatenate {} (not {}) to {}
{} not supported between instances of {} and {}
{} object is not callable
{} object is not subscriptable
{} object is not iterable
{} object does not support item assignment
{} object cannot be interpreted as an integer
cannot unpack non-iterable {} object
too many values to unpack (expected {})
not enough values to unpack (expected {}, got {})
unhashable type: {}
bad operand type for {}: {}
{} got an unexpected keyword argument {}
{} got an unexpected keyword argument {}. Did you mean {}?
{} got multiple values for argument {}
{} missing {} required positional argument: {}
{} missing {} required positional arguments: {}
{} takes {} positional argument but {} were given
{} takes {} positional arguments but {} were given
{} takes from {} to {} positional arguments but {} were given
division by zero
float division by zero
integer division or modulo by zero
list index out of range
string index out of range
tuple index out of range
index {} is out of bounds for axis {} with size {}
single positional indexer is out-of-bounds
positional indexers are out-of-bounds
could not convert string to float: {}
invalid literal for int() with base {}: {}
could not convert {} to {}
Could not convert {} to numeric
Could not convert string {} to numeric
Unable to parse string {} at position {}
Unable to parse string {}
cannot convert float NaN to integer
cannot convert float infinity to integer
Cannot convert non-finite values (NA or inf) to integer
time data {} does not match format {}
time data {} doesn't match format {}, at position {}. You might want to try:{}
Unknown datetime string format, unable to parse: {}
Unknown datetime string format, unable to parse: {}, at position {}
Out of bounds nanosecond timestamp: {}
Can only use .str accessor with string values!
Can only use .str accessor with string values, not {}
Can only use .dt accessor with datetimelike values
Can only use .cat accessor with a 'category' dtype
The truth value of a {} is ambiguous. Use a.empty, a.bool(), a.item(), a.any() or a.all().
The truth value of a {} is ambiguous. Use a.empty, a.item(), a.any() or a.all().
The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
None of {} are in the [{}]
None of {} are in the columns
Label(s) {} do not exist
The following id_vars or value_vars are not present in the DataFrame: {}
{} not in index
{} not found in axis
Column(s) {} do not exist
Column not found: {}
unable to find column {}; valid columns: {}
Cannot subset columns with a tuple with more than one element. Use a list instead.
Length of values ({}) does not match length of index ({})
Length mismatch: Expected axis has {} elements, new values have {} elements
All arrays must be of the same length
arrays must all be same length
cannot reindex on an axis with duplicate labels
Index contains duplicate entries, cannot reshape
Columns must be same length as key
No numeric types to aggregate
No objects to concatenate
no results
agg function failed [how->{},dtype->{}]
dtype {} does not support {} operations
dtype {} does not support operation {}
operation {} not supported for dtype {}
operation {} not supported for dtype {} with dtype {}
Column {} has dtype {}, cannot use method {} with this dtype
Addition/subtraction of integers and integer-arrays with {} is no longer supported.{}
cannot do positional indexing on {} with these indexers {} of type {}
object of type {} has no len()
percentiles should all be in the interval [0, 1]
Cannot perform reduction {} with string dtype
cannot perform {} with type {}
Cannot aggregate non-numeric type: {}
unsupported operand type(s) for {}
Invalid comparison between dtype={} and {}
cannot compare {} and {}
Only valid with DatetimeIndex, TimedeltaIndex or PeriodIndex, but got an instance of {}
You are trying to merge on {} and {} columns for key {}. If you wish to proceed you should use pd.concat
columns overlap but no suffix specified: {}
No common columns to perform merge on. Merge options: {}
Buffer dtype mismatch, expected {} but got {}
Bin labels must be one fewer than the number of bin edges
Bin edges must be unique: {}
bins must increase monotonically.
Cannot setitem on a Categorical with a new category ({}), set the categories first
Invalid value {} for dtype {}
Function {} not implemented for {}
invalid on specified as {}, must be {}
No axis named {} for object type {}
Unknown label type: {}
Must specify axis or both index and columns
If using all scalar values, you must pass an index
expected a {}, got {}
operands could not be broadcast together with shapes {}
shapes {} and {} not aligned: {}
setting an array element with a sequence.{}
x and y must be the same size
x and y must have same first dimension, but have shapes {} and {}
Singular matrix
array must not contain infs or NaNs
Input {} contains NaN.{}
Input contains NaN{}
Input {} contains infinity or a value too large for {}
Found input variables with inconsistent numbers of samples: {}
Expected 2D array, got 1D array instead:{}
Expected 2D array, got scalar array instead:{}
Found array with {} sample(s) (shape={}) while a minimum of {} is required{}
This {} instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator.
y contains previously unseen labels: {}
Found unknown categories {} in column {} during transform
n_samples={} should be >= n_clusters={}.
The least populated class in y has only {} member{}
Value of {} is not the name of a column in 'data_frame'. Expected one of {} but received: {}
Invalid property specified for object of type {}
Invalid value of type {} received for the {} property of {}{}
Mime type rendering requires nbformat>={} but it is not installed
[Errno 2] No such file or directory: {}
[Errno 13] Permission denied: {}
[Errno 21] Is a directory: {}
No columns to parse from file
Error tokenizing data. C error: Expected {} fields in line {}, saw {}
{} codec can't decode byte {} in position {}: {}
Missing column provided to 'parse_dates': {}
Usecols do not match columns, columns expected but not found: {}
Worksheet named {} not found
Missing optional dependency {}. {} Use pip or conda to install {}.
maximum recursion depth exceeded
Unable to allocate {} for an array with shape {} and data type {}
raw_input was called, but this frontend does not support input requests.
invalid syntax ({}, line {})
invalid syntax. Perhaps you forgot a comma? ({}, line {})
invalid syntax. Maybe you meant '==' or ':=' instead of '='? ({}, line {})
{} was never closed ({}, line {})
unmatched {} ({}, line {})
closing parenthesis {} does not match opening parenthesis {} ({}, line {})
unterminated string literal (detected at line {}) ({}, line {})
unexpected indent ({}, line {})
expected an indented block after {} on line {} ({}, line {})
unindent does not match any outer indentation level ({}, line {})
expected ':' ({}, line {})
invalid decimal literal ({}, line {})
cannot assign to {} ({}, line {})
f-string: {} ({}, line {})
'return' outside function ({}, line {})
'await' outside function ({}, line {})
"""


def _pattern(message: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in message.split("{}")), re.DOTALL)


PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    _pattern(message)
    for message in sorted(
        _MESSAGES.strip().splitlines(), key=lambda text: (-len(text.replace("{}", "")), text)
    )
)
"""The messages as expressions with a group for each gap, those with most fixed words first."""
