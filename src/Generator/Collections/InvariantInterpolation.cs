#if NETSTANDARD2_0
using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices
{
    /// <summary>
    /// Makes every interpolated string of this assembly culture-invariant: the C# compiler calls this type instead of
    /// <see cref="string.Format(string, object[])"/>. Generated code must not change with the culture of the machine that builds.
    /// </summary>
    [InterpolatedStringHandler]
    internal readonly ref struct DefaultInterpolatedStringHandler
    {
        private readonly StringBuilder _builder;

        public DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            _builder = new StringBuilder(literalLength + (formattedCount * 8));
        }

        public void AppendLiteral(string value) => _builder.Append(value);

        public void AppendFormatted(string? value) => _builder.Append(value);

        public void AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

        public void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

        public void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

        public void AppendFormatted<T>(T value, int alignment, string? format)
        {
            string? text = value is IFormattable formattable
                ? formattable.ToString(format, CultureInfo.InvariantCulture)
                : value?.ToString();
            text ??= string.Empty;
            _builder.Append(alignment >= 0 ? text.PadLeft(alignment) : text.PadRight(-alignment));
        }

        public string ToStringAndClear() => _builder.ToString();

        public override string ToString() => _builder.ToString();
    }

    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
    internal sealed class InterpolatedStringHandlerAttribute : Attribute
    {
    }
}
#endif
