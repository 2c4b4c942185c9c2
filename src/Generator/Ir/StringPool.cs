using System;
using System.Collections.Generic;

namespace AotCompiler.Ir;

/// <summary>
/// Numbers for strings. An element of a string tensor is such a number, a handle, so that tensors of strings are moved, compared and
/// folded like tensors of i32; equal strings have equal handles. Handles mean something in one process only: what is emitted uses
/// positions in the model's own list of strings (<see cref="Lowering.Schedule.Strings"/>). In both the empty string is number 0, so that what is filled with zeros is filled with it.
/// </summary>
internal static class StringPool
{
    private static readonly object _gate = new();
    private static readonly Dictionary<string, int> _handles = new(StringComparer.Ordinal) { [string.Empty] = 0 };
    private static readonly List<string> _texts = new() { string.Empty };

    /// <summary>The handle of a string; not negative.</summary>
    public static int HandleOf(string text)
    {
        lock (_gate)
        {
            if (!_handles.TryGetValue(text, out int handle))
            {
                handle = _texts.Count;
                _texts.Add(text);
                _handles.Add(text, handle);
            }

            return handle;
        }
    }

    /// <summary>The string behind a handle.</summary>
    public static string TextOf(int handle)
    {
        lock (_gate)
        {
            return _texts[handle];
        }
    }
}
