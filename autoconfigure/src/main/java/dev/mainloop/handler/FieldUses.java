package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;

/**
 * Which of its fields the methods of a class read and write, by themselves and by the
 * methods and lambdas of the class that they call. Only fields that need care count:
 * neither final nor volatile ones, nor what a method does that holds a lock.
 */
final class FieldUses extends ClassVisitor {

	private static final int CAREFREE = Opcodes.ACC_FINAL | Opcodes.ACC_VOLATILE;

	/** The internal name of the class. */
	private final String owner;

	private final Set<String> fields = new HashSet<>();

	/** By their names and descriptors. */
	private final Map<String, Code> methods = new HashMap<>();

	FieldUses(String owner) {
		super(SpringAsmInfo.ASM_VERSION);
		this.owner = owner;
	}

	@Override
	public @Nullable FieldVisitor visitField(int access, String name, String descriptor, @Nullable String signature,
			@Nullable Object value) {
		if ((access & CAREFREE) == 0) {
			this.fields.add(name);
		}
		return null;
	}

	@Override
	public MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
			String @Nullable [] exceptions) {
		Code code = new Code((access & Opcodes.ACC_SYNCHRONIZED) != 0);
		this.methods.put(name + descriptor, code);
		return code;
	}

	/**
	 * Returns what a method uses.
	 * @param method a method, of this class or another
	 * @return the fields, none for a method of another class
	 */
	Use of(Method method) {
		Use use = new Use(new HashSet<>(), new HashSet<>());
		collect(method.getName() + Type.getMethodDescriptor(method), use, new HashSet<>());
		use.all.retainAll(this.fields);
		use.written.retainAll(this.fields);
		return use;
	}

	private void collect(String method, Use use, Set<String> visited) {
		Code code = this.methods.get(method);
		if (code == null || code.locks || !visited.add(method)) {
			return;
		}
		use.all.addAll(code.use.all);
		use.written.addAll(code.use.written);
		code.calls.forEach((called) -> collect(called, use, visited));
	}

	/**
	 * The fields that code uses.
	 *
	 * @param all their names
	 * @param written the names of those that it writes
	 */
	record Use(Set<String> all, Set<String> written) {

	}

	/** What one method does. */
	private final class Code extends MethodVisitor {

		private final Use use = new Use(new HashSet<>(), new HashSet<>());

		private final Set<String> calls = new HashSet<>();

		private boolean locks;

		Code(boolean locks) {
			super(SpringAsmInfo.ASM_VERSION);
			this.locks = locks;
		}

		@Override
		public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
			if (owner.equals(FieldUses.this.owner)) {
				this.use.all.add(name);
				if (opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC) {
					this.use.written.add(name);
				}
			}
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (owner.equals(FieldUses.this.owner)) {
				this.calls.add(name + descriptor);
			}
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
			for (Object argument : arguments) {
				if (argument instanceof Handle handle && handle.getOwner().equals(FieldUses.this.owner)) {
					this.calls.add(handle.getName() + handle.getDesc());
				}
			}
		}

		@Override
		public void visitInsn(int opcode) {
			this.locks |= opcode == Opcodes.MONITORENTER;
		}

	}

}
