[assembly: System.Reflection.AssemblyVersion("10.0.0.0")]

namespace System
{
    public class Attribute
    {
    }

    public enum AttributeTargets
    {
        All = 0x7FFF,
    }

    public sealed class AttributeUsageAttribute : Attribute
    {
        public AttributeUsageAttribute(AttributeTargets validOn)
        {
        }

        public bool AllowMultiple { get; set; }

        public bool Inherited { get; set; }
    }

    public sealed class ObsoleteAttribute : Attribute
    {
        public ObsoleteAttribute(string message)
        {
        }
    }

    public sealed class FlagsAttribute : Attribute
    {
    }

    public class ParamArrayAttribute : Attribute
    {
    }
}

namespace System.Reflection
{
    public sealed class AssemblyVersionAttribute : Attribute
    {
        public AssemblyVersionAttribute(string version)
        {
        }
    }

    public sealed class DefaultMemberAttribute : Attribute
    {
        public DefaultMemberAttribute(string memberName)
        {
        }
    }
}


namespace System.Runtime
{
    /// <summary>Exports a static method as a C function: the calling convention of managed code is the platform's for numbers and pointers.</summary>
    public sealed class RuntimeExportAttribute : Attribute
    {
        public RuntimeExportAttribute(string entryPoint)
        {
        }
    }

    /// <summary>A function of another object, called without any transition.</summary>
    public sealed class RuntimeImportAttribute : Attribute
    {
        public RuntimeImportAttribute(string dllName, string entryPoint)
        {
        }
    }
}

namespace System.Runtime.CompilerServices
{
    public enum MethodImplOptions
    {
        NoInlining = 8,
        AggressiveInlining = 256,
        AggressiveOptimization = 512,
        InternalCall = 0x1000,
    }

    public sealed class MethodImplAttribute : Attribute
    {
        public MethodImplAttribute(MethodImplOptions options)
        {
        }
    }

    /// <summary>What the just-in-time compiler knows by name; exactly the members that .NET marks.</summary>
    public sealed class IntrinsicAttribute : Attribute
    {
    }

    public sealed class ExtensionAttribute : Attribute
    {
    }

    public sealed class IsReadOnlyAttribute : Attribute
    {
    }

    public sealed class IsUnmanagedAttribute : Attribute
    {
    }

    public class UnsafeValueTypeAttribute : Attribute
    {
    }

    public sealed class IsByRefLikeAttribute : Attribute
    {
    }

    public sealed class CompilerGeneratedAttribute : Attribute
    {
    }

    public sealed class SkipLocalsInitAttribute : Attribute
    {
    }

    public class RequiresLocationAttribute : Attribute
    {
    }

    public sealed class TupleElementNamesAttribute : Attribute
    {
        public TupleElementNamesAttribute(string[] transformNames)
        {
        }
    }

    public sealed class ScopedRefAttribute : Attribute
    {
    }

    public sealed class RefSafetyRulesAttribute : Attribute
    {
        public RefSafetyRulesAttribute(int version)
        {
        }
    }

    public sealed class IsVolatile
    {
    }

    [AttributeUsage(AttributeTargets.All)]
    public sealed class CompilerFeatureRequiredAttribute : Attribute
    {
        public CompilerFeatureRequiredAttribute(string featureName)
        {
        }

        public bool IsOptional { get; set; }
    }

    public static class RuntimeFeature
    {
        public const string UnmanagedSignatureCallingConvention = "UnmanagedSignatureCallingConvention";
        public const string ByRefFields = "ByRefFields";
        public const string NumericIntPtr = "NumericIntPtr";
    }
}

namespace System.Runtime.InteropServices
{
    public enum LayoutKind
    {
        Sequential = 0,
        Explicit = 2,
        Auto = 3,
    }

    public enum UnmanagedType
    {
        Bool = 2,
    }

    public sealed class StructLayoutAttribute : Attribute
    {
        public int Pack;
        public int Size;

        public StructLayoutAttribute(LayoutKind layoutKind)
        {
        }
    }

    public sealed class FieldOffsetAttribute : Attribute
    {
        public FieldOffsetAttribute(int offset)
        {
        }
    }

    public sealed class InAttribute : Attribute
    {
    }

    /// <summary>Demanded by ILC, never implemented.</summary>
    public interface IDynamicInterfaceCastable
    {
        RuntimeTypeHandle GetDynamicInterfaceImplementation(RuntimeTypeHandle interfaceType);

        bool IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented);
    }
}
