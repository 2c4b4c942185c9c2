namespace System.Runtime;

/// <summary>Looked up by name while ILC scans. Freestanding code has no objects to cast, so that none of it is ever compiled.</summary>
internal static unsafe class TypeCast
{
    private static object CheckCastAny(void* type, object value) => value;

    private static object CheckCastInterface(void* type, object value) => value;

    private static object CheckCastClass(void* type, object value) => value;

    private static object CheckCastClassSpecial(void* type, object value) => value;

    private static object IsInstanceOfAny(void* type, object value) => value;

    private static object IsInstanceOfInterface(void* type, object value) => value;

    private static object IsInstanceOfClass(void* type, object value) => value;

    private static object IsInstanceOfException(void* type, object value) => value;

    private static void StelemRef(object[] array, nint index, object value)
    {
    }

    private static ref object LdelemaRef(object[] array, nint index, void* type) => ref Unsafe(null);

    private static void CheckArrayStore(object array, object value)
    {
    }

    private static ref object Unsafe(void* address) => ref System.Runtime.CompilerServices.Unsafe.AsRef<object>(address);
}
